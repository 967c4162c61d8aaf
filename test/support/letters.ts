import { systemActor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { type Letter, Outbox } from '../../src/mail/outbox.js';
import { type TestService } from './service.js';

export const SERVICE = systemActor(1);

/** A message to Tom Beck, in a stream of its own unless said otherwise. */
export function aLetter(dedupeKey: string, more: Partial<Letter> = {}): Letter {
  return {
    purpose: 'LINK',
    stream: dedupeKey,
    dedupeKey,
    to: { name: 'Tom Beck', address: 'tom.beck@northshire.nhs.example' },
    from: { name: 'Northshire meetings', address: 'meetings@reply.northshire.example' },
    subject: 'Multi-agency meeting ALL-2026-0147',
    words: { greeting: 'Dear Tom Beck', paragraphs: [`Message ${dedupeKey}.`], footer: ['Ring 01632 960100.'] },
    ...more,
  };
}

/** Queues messages in one transaction. */
export async function queue(service: TestService, ...letters: Letter[]): Promise<void> {
  await service.get(UnitOfWork).run(SERVICE, async (tx) => {
    for (const one of letters) await service.get(Outbox).queue(tx, one);
  });
}

/** `SENT`, `DEAD REFUSED`, in the order in which they were queued. */
export async function states(service: TestService): Promise<string[]> {
  const rows = await service.look<{ state: string; reason: string | null }>(
    'select state, reason from message order by ordinal',
  );
  return rows.map(({ state, reason }) => (state === 'DEAD' ? `DEAD ${reason ?? ''}` : state));
}

/** Which messages a mail server took, by their text. */
export function keysIn(taken: readonly string[]): string[] {
  return taken.map((one) => /Message ([\w-]+)\./.exec(one)?.[1] ?? '');
}
