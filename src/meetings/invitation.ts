/**
 * One named person asked to one meeting: in which role, for which agency, and whether quorum needs the place. It is open
 * from the moment it is sent until it is withdrawn, passed to a substitute, or the meeting is over. It carries the answer
 * that counts; the entries behind it are the responses. When the meeting moves, the invitation asks again and the answer
 * to the earlier time no longer counts. A substitute comes from the same agency and has an invitation of their own.
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { type AnswerKind } from './response.js';

export const INVITATION_STATUSES = ['DRAFT', 'OPEN', 'WITHDRAWN', 'SUPERSEDED', 'CLOSED'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** From where to where an invitation may go; anything not listed is refused. */
export const INVITATION_MOVES: Readonly<Record<InvitationStatus, readonly InvitationStatus[]>> = {
  DRAFT: ['OPEN'],
  OPEN: ['WITHDRAWN', 'SUPERSEDED', 'CLOSED'],
  WITHDRAWN: [],
  SUPERSEDED: [],
  CLOSED: [],
};

/** What somebody comes as. EMPLOYER is a part in the meeting, not a kind of agency. */
export const INVITATION_ROLES = [
  'CHAIR',
  'MINUTE_TAKER',
  'EMPLOYER',
  'HR',
  'INVESTIGATOR',
  'REFERRER',
  'ATTENDEE',
] as const;
export type InvitationRole = (typeof INVITATION_ROLES)[number];

export const ROLE_LABELS: Readonly<Record<InvitationRole, string>> = {
  CHAIR: 'Chair',
  MINUTE_TAKER: 'Minute taker',
  EMPLOYER: 'Employer',
  HR: 'HR',
  INVESTIGATOR: 'Investigator',
  REFERRER: 'Referrer',
  ATTENDEE: 'Attendee',
};

export const REQUIREDNESS = ['BY_QUORUM', 'BY_COORDINATOR', 'NO'] as const;
export type Requiredness = (typeof REQUIREDNESS)[number];

const IN_WORDS: Readonly<Record<InvitationStatus, string>> = {
  DRAFT: 'has not been sent yet',
  OPEN: 'is open',
  WITHDRAWN: 'has been withdrawn',
  SUPERSEDED: 'has passed to a substitute',
  CLOSED: 'is over',
};

/** The last request that left: its sequence, and what they answered to it. */
interface LastTold {
  readonly sequence: number;
  readonly given: { readonly kind: AnswerKind; readonly statedAt: Date } | null;
}

export class Invitation {
  authorityId: number;
  id: string;
  meetingId: string;
  matterId: string;
  contactId: string;
  /** The post they hold for this, so that the invitation can follow the post. */
  postId: string | null = null;
  agencyId: string;
  /** The names under which the matter's list of who may know has this person, their post, agency and address. */
  contactKey: string;
  postKey: string | null = null;
  agencyKey: string;
  addressKey = '';
  /** While the invitation holds a place everybody behind it may know of the matter; the database refuses it otherwise. */
  verdict: 'may_know' | null = 'may_know';
  role: InvitationRole = 'ATTENDEE';
  required: Requiredness = 'NO';
  status: InvitationStatus = 'DRAFT';
  /** May speak and decide for the agency. */
  canDecide = true;
  /** Works with this family or setting: some conference rules count only these. */
  directInvolvement = false;
  /** The invitation whose place this one takes. */
  substituteFor: string | null = null;
  /** Calendar sequence of the last request sent to this person; null while nothing was. */
  sentSequence: number | null = null;
  /** That of the first request that asked about the present arrangement: an answer below it is about an earlier time. */
  askedSequence: number | null = null;
  /** The meeting's revision that this invitation asks about. */
  askedRevision = 1;
  answer: AnswerKind = 'NO_RESPONSE';
  answeredRevision: number | null = null;
  /** When the answer that counts was given. */
  answeredAt: Date | null = null;
  /** When an absence notice came from their mailbox, and the day it names, `YYYY-MM-DD`; no answer. */
  awayNotedAt: Date | null = null;
  awayUntil: string | null = null;
  /** What the address that replies come back to is found by, and that address's secret, sealed. */
  replyHash: Buffer = Buffer.alloc(0);
  replySealed: Buffer = Buffer.alloc(0);
  version = 1;
  createdAt: Date = new Date(0);

  /** A new invitation, not yet sent. */
  static to(facts: InvitationFacts): Invitation {
    const { contactId, agencyId, postId } = facts;
    const keys = { contactKey: `contact:${contactId}`, agencyKey: `agency:${agencyId}` };
    return Object.assign(new Invitation(), facts, keys, { postKey: postId ? `post:${postId}` : null });
  }

  /** Holds its place at the meeting: one per person, and none for anybody who must not be told. */
  get isLive(): boolean {
    return this.status === 'DRAFT' || this.status === 'OPEN';
  }

  /** Goes out with the meeting as it is now: its revision and the sequence of its calendar part. */
  open(meeting: Asked): Change {
    this.moveTo('OPEN');
    this.askedRevision = meeting.revision;
    this.sentSequence = meeting.calendarSequence;
    this.askedSequence = meeting.calendarSequence;
    return this.tell('invitation.sent', { revision: meeting.revision, sequence: meeting.calendarSequence });
  }

  /** A request about the meeting as it is now goes to this person. */
  hear(meeting: Asked): void {
    this.sentSequence = meeting.calendarSequence;
  }

  /** Asks again, since the meeting has changed: the answer to the earlier arrangement no longer counts. Null if it asked already. */
  follow(meeting: Asked): Change | null {
    if (this.status !== 'OPEN') return null;
    this.hear(meeting);
    if (this.askedRevision === meeting.revision) return null;
    const before = this.answer;
    this.askedRevision = meeting.revision;
    this.askedSequence = meeting.calendarSequence;
    this.answer = 'NO_RESPONSE';
    this.answeredRevision = null;
    this.answeredAt = null;
    return this.tell('invitation.asked-again', { revision: meeting.revision, before });
  }

  /**
   * The meeting is again what this person was last told, before any message left: their answer to that, if they gave one,
   * counts for the meeting as it is. Null if nothing was asked in between.
   */
  standBy(meeting: Asked, told: LastTold | null): Change | null {
    if (this.status !== 'OPEN' || this.askedRevision === meeting.revision) return null;
    this.askedRevision = meeting.revision;
    if (told !== null) this.stillHas(told.sequence, Math.min(this.askedSequence ?? told.sequence, told.sequence));
    this.standsBy(told?.given ?? null, meeting.revision);
    return this.tell('invitation.answer-stands', { revision: meeting.revision, answer: this.answer });
  }

  /** The request that this person had before stands in their diary as it was: an answer to that one counts. */
  stillHas(sequence: number, asked = sequence): void {
    this.sentSequence = sequence;
    this.askedSequence = asked;
  }

  /** Goes out once more as it is, with a new link and the answer given so far. */
  sendAgain(meeting: Asked): Change {
    if (this.status !== 'OPEN') this.moveTo('OPEN');
    this.sentSequence = meeting.calendarSequence;
    return this.tell('invitation.resent', { revision: meeting.revision, sequence: meeting.calendarSequence });
  }

  /** Their mailbox says that they are away, perhaps until a day; the answer stays what it was. */
  noteAway(until: string | null, now: Date): Change {
    this.awayNotedAt = now;
    this.awayUntil = until;
    return this.tell('invitation.away-noted', { until });
  }

  /** Plays another part from now on, such as the chair's; nothing goes out. */
  comesAs(role: InvitationRole, required: Requiredness): Change {
    if (!this.isLive) this.moveTo('OPEN');
    const before = this.role;
    this.role = role;
    this.required = required;
    return this.tell('invitation.role-changed', { role, before });
  }

  /** Is needed from now on, or no longer. Null when nothing is different. */
  need(required: Requiredness): Change | null {
    if (!this.isLive) this.moveTo('OPEN');
    const before = this.required;
    if (before === required) return null;
    this.required = required;
    return this.tell('invitation.need-changed', { required, before });
  }

  /** The person is no longer needed, or must not be told. */
  withdraw(why: string | null): Change {
    this.moveTo('WITHDRAWN');
    return this.tell('invitation.withdrawn', { why, wasSent: this.sentSequence !== null });
  }

  /**
   * Somebody of the same agency takes the place: this invitation ends and theirs, a draft in the same role, is returned beside
   * the change. Throws NOT_SAME_AGENCY, ALREADY_INVITED.
   */
  substitute(by: SubstituteFacts): { invitation: Invitation; change: Change } {
    if (by.agencyId !== this.agencyId) {
      throw new RuleBroken('NOT_SAME_AGENCY', 'Choose somebody from your own agency, or ring us', 'substitute');
    }
    if (by.contactId === this.contactId) {
      throw new RuleBroken('ALREADY_INVITED', 'This is the person already invited. Choose somebody else', 'substitute');
    }
    this.moveTo('SUPERSEDED');
    const { authorityId, meetingId, matterId, role, required, directInvolvement, askedRevision } = this;
    const place = { authorityId, meetingId, matterId, role, required, directInvolvement, askedRevision };
    const invitation = Invitation.to({ ...place, ...by, substituteFor: this.id });
    return {
      invitation,
      change: this.tell('invitation.substituted', { by: by.contactId, canDecide: by.canDecide }),
    };
  }

  /** The person is not there, and somebody else is asked in their place with an invitation of their own. */
  reRoute(to: { to: string; as: string }): Change {
    this.moveTo('SUPERSEDED');
    return this.tell('invitation.re-routed', { ...to, reason: 'RE_ROUTED' });
  }

  /** The meeting is over: the answer stays as it is. */
  close(): Change {
    this.moveTo('CLOSED');
    return this.tell('invitation.closed', { answer: this.answer });
  }

  private standsBy(given: LastTold['given'], revision: number): void {
    this.answer = given?.kind ?? 'NO_RESPONSE';
    this.answeredRevision = given === null ? null : revision;
    this.answeredAt = given?.statedAt ?? null;
  }

  private moveTo(status: InvitationStatus): void {
    if (!INVITATION_MOVES[this.status].includes(status)) {
      throw new RuleBroken(
        'INVITATION_CLOSED',
        `This invitation ${IN_WORDS[this.status]}. Look at the meeting as it is now`,
      );
    }
    this.status = status;
    this.verdict = this.isLive ? 'may_know' : null;
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { id, meetingId, contactId, agencyId, matterId } = this;
    const about = { meetingId, contactId, agencyId };
    return { action, object: `invitation:${id}`, details: { ...about, ...details }, matterId, agencyId };
  }
}

type Given = 'authorityId' | 'id' | 'meetingId' | 'matterId' | 'contactId' | 'agencyId';
type MayBeGiven =
  | 'postId'
  | 'role'
  | 'required'
  | 'canDecide'
  | 'directInvolvement'
  | 'substituteFor'
  | 'askedRevision'
  | 'addressKey'
  | 'replyHash'
  | 'replySealed'
  | 'createdAt';

/** What an invitation starts from. */
export type InvitationFacts = Pick<Invitation, Given> & Partial<Pick<Invitation, MayBeGiven>>;

/** Who comes instead. */
export type SubstituteFacts = Pick<Invitation, 'id' | 'contactId' | 'agencyId' | 'postId' | 'canDecide'> &
  Partial<Pick<Invitation, 'addressKey' | 'replyHash' | 'replySealed' | 'createdAt'>>;

interface Asked {
  readonly revision: number;
  readonly calendarSequence: number;
}
