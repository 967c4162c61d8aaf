import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readBounce } from '../../src/mail/inbound/bounce-report.js';
import { INBOUND_KINDS } from '../../src/mail/inbound/opened-mail.js';
import { sort, type Sorted } from '../../src/mail/inbound/sorting.js';
import { takeApart } from '../../src/mail/inbound/take-apart.js';
import { BOUNDS, type TakenApart } from '../../src/mail/inbound/taken-apart.js';
import { aCalledMeeting, type CalledMeeting } from '../support/called-meeting.js';
import { aSiteMailServer, bounceAddressOf, readAll, type SiteMailServer } from '../support/inbound.js';
import { generatedMail } from '../support/inbound-generated.js';
import { startService, type TestService } from '../support/service.js';

/** `npm run fuzz:inbound` asks for many more; FUZZ_SEED begins elsewhere. */
const PARSED = Number(process.env.FUZZ_PARSED ?? 3_000);
const SENT = Number(process.env.FUZZ_SENT ?? 200);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
jest.setTimeout(20_000 + PARSED * 10 + SENT * 200);

let service: TestService;
let site: SiteMailServer | undefined;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  called = await aCalledMeeting(service);
  await service.mail();
});

afterAll(async () => {
  site?.end();
  await service.stop();
});

/** The limits of the library and ours: the only reasons for which a message may not be taken apart. */
const LIMITS = /nesting depth|headers size|header size|too many parts|too large/i;

/** What is wrong with a message that was taken apart, if anything. */
function wrong(mail: TakenApart, sorted: Sorted): string[] {
  const { subject, from, messageId, inReplyTo, text } = mail;
  const lines = [subject, from?.name, from?.address, messageId, inReplyTo].map((line) => line ?? '');
  const { why } = readBounce({ deliveryStatus: sorted.deliveryStatus, text });
  const faults: Readonly<Record<string, boolean>> = {
    'a line that is more than one': lines.some((line) => /[\r\n\0\p{Surrogate}]/u.test(line)),
    'more text than is kept': text.length > BOUNDS.text,
    'a NUL': text.includes('\0'),
    'a kind nobody knows': !INBOUND_KINDS.includes(sorted.kind),
    'a reason without end': why.length > 300,
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

/** Its kind, or 'over a limit'; anything else is said. */
async function kindOf(seed: number): Promise<{ kind: string; problems: string[] }> {
  const envelope = {
    addressKind: seed % 2 === 0 ? 'r' : 'b',
    returnPath: seed % 3 === 0 ? null : 'a@b.example',
  } as const;
  try {
    const mail = await takeApart(generatedMail(seed));
    const sorted = sort(mail, envelope);
    return { kind: sorted.kind, problems: wrong(mail, sorted) };
  } catch (error) {
    return { kind: 'over a limit', problems: LIMITS.test(String(error)) ? [] : [String(error)] };
  }
}

const say = (what: unknown): void => {
  if (PARSED > 3_000 || SENT > 200) process.stdout.write(`${JSON.stringify(what)}\n`);
};

const statesOfKept = (): Promise<{ state: string; n: number; tried: number }[]> =>
  service.look(
    'select state, count(*)::int as n, max(attempts) as tried from inbound_mail group by state order by state',
  );

describe('mail that nobody would write', () => {
  it(`is taken apart and sorted, ${PARSED} times, without an exception`, async () => {
    const kinds: Record<string, number> = {};
    const found: string[] = [];
    for (let seed = SEED; seed < SEED + PARSED; seed += 1) {
      const { kind, problems } = await kindOf(seed);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      found.push(...problems.map((problem) => `${seed}: ${problem}`));
    }
    say(kinds);
    expect(found).toEqual([]);
    expect(Object.keys(kinds).sort()).toEqual([...INBOUND_KINDS, 'over a limit'].sort());
  });

  it(`comes in over SMTP, ${SENT} times, is settled each time, and changes no answer`, async () => {
    site = await aSiteMailServer(service);
    const reply = (await service.mail(called.sergeant.address))[0]?.mail.from?.address ?? '';
    const { envelope } = await bounceAddressOf(service, called.head.address);
    const sent = (await service.mail()).length;
    const refused: string[] = [];
    for (let seed = SEED; seed < SEED + SENT; seed += 1) {
      const to = seed % 2 === 0 ? reply : envelope;
      const { message } = await site.send(to, generatedMail(seed), seed % 3 === 0 ? '' : 'a@b.example');
      if (!message.startsWith('250')) refused.push(`${seed}: ${message}`);
    }
    await readAll(service);
    const states = await statesOfKept();
    say(states);
    expect(refused).toEqual([]);
    expect(states.filter(({ state, tried }) => tried !== 1 || !['DONE', 'HELD'].includes(state))).toEqual([]);
    expect(states.map(({ state }) => state)).toContain('HELD');
    expect(await service.look('select distinct answer from invitation')).toEqual([{ answer: 'NO_RESPONSE' }]);
    expect(await service.mail()).toHaveLength(sent);
  });
});
