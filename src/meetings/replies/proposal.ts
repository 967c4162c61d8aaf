/**
 * Another time that an invitee suggests, from their calendar ("propose a new time", a COUNTER of RFC 5546 section 3.2.7),
 * by their link, or on the telephone. It is kept and shown on the meeting; the meeting stays where it is and the answer
 * stays what it was until the coordinator decides. To take it is to move the meeting for everybody; to refuse it is to
 * tell that one person.
 */
import { requiredReason } from '../../authorities/plain-text.js';
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { type ResponseChannel } from '../response.js';

/** OVERTAKEN: the meeting moved, was cancelled or took place before anybody decided. */
export const PROPOSAL_STATES = ['OPEN', 'ACCEPTED', 'REFUSED', 'OVERTAKEN'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

export class Proposal {
  authorityId: number;
  id: string;
  meetingId: string;
  matterId: string;
  invitationId: string;
  channel: ResponseChannel;
  /** The suggested time; null where only words say it. */
  startsAt: Date | null = null;
  endsAt: Date | null = null;
  words: string | null = null;
  /** The revision of the meeting that it was made about. */
  revision: number;
  inboundMailId: string | null = null;
  state: ProposalState = 'OPEN';
  reason: string | null = null;
  madeAt: Date;
  settledAt: Date | null = null;
  version = 1;

  static made(facts: ProposalFacts): Proposal {
    return Object.assign(new Proposal(), facts);
  }

  /** What is said of it when it comes. */
  come(): Change {
    const { startsAt, endsAt, channel } = this;
    const span = { startsAt: startsAt?.toISOString() ?? null, endsAt: endsAt?.toISOString() ?? null };
    return this.tell('invitation.time-proposed', { ...span, channel });
  }

  /** The meeting stays as it is, for a reason (REASON_REQUIRED). Throws MOVE_NOT_ALLOWED for one that is settled. */
  refuse(reason: string | null, now: Date): Change {
    if (this.state !== 'OPEN') throw new RuleBroken('MOVE_NOT_ALLOWED', 'This suggestion is settled already');
    this.reason = requiredReason(reason, 'Say why the meeting stays as it is');
    this.settle('REFUSED', now);
    return this.tell('invitation.proposal-refused', { reason: this.reason });
  }

  /** The meeting has moved to `startsAt`, or is not ahead any more: what was suggested is settled by that. */
  follow(startsAt: Date | null, now: Date): Change {
    const taken = startsAt !== null && this.startsAt?.getTime() === startsAt.getTime();
    this.settle(taken ? 'ACCEPTED' : 'OVERTAKEN', now);
    return this.tell(taken ? 'invitation.proposal-accepted' : 'invitation.proposal-overtaken', {});
  }

  private settle(state: ProposalState, now: Date): void {
    this.state = state;
    this.settledAt = now;
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { invitationId, meetingId, matterId } = this;
    return {
      action,
      object: `invitation:${invitationId}`,
      details: { ...details, meetingId, proposal: this.id },
      matterId,
    };
  }
}

type MayLack = 'startsAt' | 'endsAt' | 'words' | 'inboundMailId';

export type ProposalFacts = Pick<
  Proposal,
  'authorityId' | 'id' | 'meetingId' | 'matterId' | 'invitationId' | 'channel' | 'revision' | 'madeAt'
> &
  Partial<Pick<Proposal, MayLack>>;
