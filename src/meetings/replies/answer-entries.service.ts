import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { ContactsService } from '../../directory/contacts.service.js';
import { AnswersService } from '../answers.service.js';
import { type Asked, askedOf } from '../asked.store.js';
import { type Invitation } from '../invitation.js';
import { Response, type ResponseKind, type SetAside } from '../response.js';
import { type Confidence } from './confidence.js';
import { ReplyLetters } from './reply-letters.service.js';
import { isKept, revisionOf, takenFromCalendars } from './replies.store.js';
import { rankOf } from './reply-order.js';

/** An answer from a calendar that may touch its invitation. */
export interface CalendarEntry {
  readonly kind: Extract<ResponseKind, 'ACCEPTED' | 'DECLINED' | 'TENTATIVE' | 'SUGGESTED_TIME'>;
  readonly comment: string | null;
  readonly confidence: Confidence;
  readonly via: string | null;
  readonly sequence: number;
  readonly isEarlier: boolean;
  readonly statedAt: Date;
  readonly key: string;
  readonly inboundMailId: string;
  readonly recordedBy: string;
}

/** TAKEN went into the ledger like any other; KEPT stands beside it; CONFLICT is for somebody to look at. */
export type EntryOutcome = 'TAKEN' | 'KEPT' | 'REPEATED' | 'CONFLICT';

/** Puts answers from calendars into the one ledger. */
@Injectable()
export class AnswerEntries {
  constructor(
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(ReplyLetters) private readonly letters: ReplyLetters,
  ) {}

  /** In an open transaction with the invitation locked. Whatever is not applied is kept with the reason. */
  async enter(tx: Tx, at: Pick<Asked, 'invitation' | 'meeting'>, entry: CalendarEntry): Promise<EntryOutcome> {
    const { invitation, meeting } = at;
    if (await isKept(tx, invitation.id, entry.key)) return 'REPEATED';
    const why = whySetAside(invitation, meeting, { isEarlier: entry.isEarlier, now: tx.now });
    if (why !== null) {
      await this.keep(tx, at, entry, why);
      if (why === 'EARLIER_TIME') await this.letters.askForPresentTime(tx, invitation);
      return 'KEPT';
    }
    if (entry.kind === 'SUGGESTED_TIME') return this.take(tx, invitation, entry, entry.statedAt);
    const taken = await takenFromCalendars(tx, invitation.id, meeting.revision);
    const rank = rankOf(entry, taken);
    if (rank === 'REPEATED' || rank === 'CONFLICT') return rank;
    if (rank === 'OLDER') {
      await this.keep(tx, at, entry, 'OLDER_VERSION');
      return 'KEPT';
    }
    const latest = Math.max(entry.statedAt.getTime(), ...taken.map(({ statedAt }) => statedAt.getTime()));
    return this.take(tx, invitation, entry, new Date(latest));
  }

  private async take(tx: Tx, invitation: Invitation, entry: CalendarEntry, statedAt: Date): Promise<EntryOutcome> {
    const { inboundMailId, confidence, via, sequence, key: replyKey, recordedBy } = entry;
    const mail = { inboundMailId, confidence, via, sequence, replyKey };
    const { kind, comment } = entry;
    await this.answers.take(
      tx,
      await askedOf(tx, invitation),
      { kind, comment },
      { channel: 'CALENDAR_REPLY', statedAt, recordedBy, mail },
    );
    await this.contacts.verifyIn(tx, invitation.contactId, 'RESPONSE');
    return 'TAKEN';
  }

  private async keep(
    tx: Tx,
    { invitation, meeting }: Pick<Asked, 'invitation' | 'meeting'>,
    entry: CalendarEntry,
    setAside: SetAside,
  ): Promise<void> {
    const { authorityId, id: invitationId, meetingId, matterId, contactId, agencyId } = invitation;
    const { kind, comment, sequence, via, confidence, inboundMailId, recordedBy, statedAt } = entry;
    const earlier = entry.isEarlier ? await revisionOf(tx, meetingId, sequence) : meeting.revision;
    const revision = earlier ?? Math.max(1, meeting.revision - 1);
    const response = Response.given({
      ...{ authorityId, id: newId(), invitationId, meetingId, matterId, revision, kind, reason: null, comment },
      ...{ channel: 'CALENDAR_REPLY', recordedBy, at: tx.now, statedAt, sequence, via, confidence, inboundMailId },
      ...{ replyKey: entry.key, setAside },
    });
    await tx.insert(Response, response);
    await tx.record({
      action: 'invitation.answer-kept',
      object: `invitation:${invitationId}`,
      details: { meetingId, contactId, agencyId, kind, channel: response.channel, revision, setAside },
      matterId,
      agencyId,
    });
  }
}

/** Why an answer that came now would not be applied, whatever it says; null when it can be. */
function whySetAside(
  invitation: Invitation,
  meeting: Asked['meeting'],
  { isEarlier, now }: { isEarlier: boolean; now: Date },
): SetAside | null {
  if (meeting.status === 'CANCELLED') return 'NOT_ASKED';
  if (!meeting.isOut || now >= meeting.startsAt) return 'MEETING_OVER';
  if (invitation.status !== 'OPEN') return 'NOT_ASKED';
  return isEarlier ? 'EARLIER_TIME' : null;
}
