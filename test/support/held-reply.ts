import { type Actor } from '../../src/access/actor.js';
import { newId } from '../../src/database/ids.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { InboundMail } from '../../src/mail/inbound/inbound-mail.table.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { Proposal } from '../../src/meetings/replies/proposal.js';
import { type TestService } from './service.js';

/** A message in words from somebody invited that waits for a coordinator, and a time they suggest; the message's id. */
export async function aHeldReply(
  service: TestService,
  by: Actor,
  meeting: Pick<Meeting, 'id' | 'matterId' | 'authorityId'>,
  contactId: string,
): Promise<string> {
  const { id: meetingId, matterId, authorityId } = meeting;
  const [invitation] = await service.look<{ id: string }>(
    'select id from invitation where meeting_id = $1 and contact_id = $2 order by id limit 1',
    [meetingId, contactId],
  );
  const invitationId = invitation?.id ?? '';
  const id = newId();
  const mail = { authorityId, id, invitationId, meetingId, matterId, contactId, kind: 'OTHER' as const };
  const waits = { state: 'HELD' as const, reason: 'WORDS' as const, sha256: id };
  await service.get(UnitOfWork).run(by, async (tx) => {
    await tx.insert(InboundMail, Object.assign(new InboundMail(), mail, waits));
    const made = { authorityId, id: newId(), meetingId, matterId, invitationId, revision: 1, madeAt: tx.now };
    await tx.insert(Proposal, Proposal.made({ ...made, channel: 'LINK', words: 'Thursday' }));
  });
  return id;
}
