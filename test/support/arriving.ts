import { randomUUID } from 'node:crypto';
import { systemActor } from '../../src/access/actor.js';
import { newId } from '../../src/database/ids.js';
import { Sealing } from '../../src/database/sealing.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { InboundMail } from '../../src/mail/inbound/inbound-mail.table.js';
import { InboundReaders } from '../../src/mail/inbound/inbound-readers.js';
import { type InboundOutcome, type OpenedMail } from '../../src/mail/inbound/opened-mail.js';
import { type CalledMeeting } from './called-meeting.js';
import { readCalendar } from './meetings.js';
import { type Placed } from './matters.js';
import { type Answered, FOUND, type Odd, openedMail, replyFrom } from './replies.js';
import { type TestService } from './service.js';

type Program = Parameters<typeof replyFrom>[0];

/** What somebody's calendar program has of the meeting: their newest invitation. */
export async function invited(service: TestService, who: Placed): Promise<Answered> {
  const mail = (await service.mail(who.address)).filter(({ calendar }) => calendar !== undefined).at(-1);
  if (mail === undefined) throw new Error(`No invitation to ${who.address}`);
  const { uid, sequence, organizer, start } = readCalendar(mail);
  const endsAt = new Date(start.getTime() + 90 * 60_000);
  const plain = organizer.replace('mailto:', '');
  return { uid, sequence, organizer: plain, attendee: who.address, startsAt: start, endsAt };
}

/** Hands a message on as the reading of stored mail does, and settles its row in the same transaction. */
export async function arrive(
  service: TestService,
  called: Pick<CalledMeeting, 'council' | 'meeting'>,
  who: Placed,
  given: Partial<OpenedMail>,
): Promise<InboundOutcome & { id: string }> {
  const id = newId();
  const { id: authorityId } = called.council;
  const [row] = await service.look<{ id: string }>(
    'select id from invitation where contact_id = $1 order by created_at desc, id desc limit 1',
    [who.contactId],
  );
  const about = {
    invitationId: row?.id ?? null,
    meetingId: called.meeting.id,
    matterId: called.meeting.matterId,
    contactId: who.contactId,
  };
  const mail = openedMail({
    ...{ ...about, authorityId, id, receivedAt: service.clock.now(), sentAt: service.clock.now() },
    sender: { name: 'A sender', address: who.address },
    returnPath: who.address,
    authentication: FOUND.nothing,
    ...given,
  });
  const outcome = await service.get(UnitOfWork).run(systemActor(authorityId), async (tx) => {
    const text = service.get(Sealing).seal(Buffer.from(mail.text), `${authorityId}|inbound_mail|${id}|text`);
    const kept = Object.assign(new InboundMail(), {
      ...{ authorityId, id, receivedAt: mail.receivedAt, recipient: 'r-x@reply.example', sha256: randomUUID() },
      ...{
        invitationId: mail.invitationId,
        meetingId: mail.meetingId,
        matterId: mail.matterId,
        contactId: mail.contactId,
      },
      ...{ kind: mail.kind, senderName: mail.sender?.name ?? null, senderAddress: mail.sender?.address ?? null },
      ...{ subject: mail.subject, authentication: mail.authentication, sealedText: text },
    });
    await tx.insert(InboundMail, kept);
    const read = await service.get(InboundReaders).read(tx, mail);
    const stored = await tx.lock(InboundMail, id);
    Object.assign(stored, { ...read, settledAt: read.state === 'DONE' ? tx.now : null });
    await tx.save(stored);
    return read;
  });
  return { ...outcome, id };
}

/** An answer from somebody's calendar to their newest invitation. */
export async function replies(
  service: TestService,
  called: Pick<CalledMeeting, 'council' | 'meeting'>,
  who: Placed,
  how: { program?: Program; odd?: Odd; mail?: Partial<OpenedMail>; to?: Answered } = {},
): Promise<InboundOutcome & { id: string }> {
  const { program = 'GOOGLE', odd = {}, mail = {} } = how;
  const to = how.to ?? (await invited(service, who));
  const text = replyFrom(program, to, { stampedAt: service.clock.now(), ...odd });
  const method = program === 'APPLE' ? null : (odd.method ?? 'REPLY');
  return arrive(service, called, who, { calendars: [{ method, text }], ...mail });
}
