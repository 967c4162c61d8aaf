import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { formatSpan } from '../../authorities/civil-time.js';
import { readReply } from '../../calendar/read-reply.js';
import {
  type ReplyCalendar,
  type ReplyEvent,
  UnreadableCalendar,
  type UnreadableWhy,
} from '../../calendar/reply-calendar.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { InboundReaders } from '../../mail/inbound/inbound-readers.js';
import { type InboundHoldReason, type InboundOutcome, type OpenedMail } from '../../mail/inbound/opened-mail.js';
import { Invitation } from '../invitation.js';
import { streamOf } from '../invitation-letters.service.js';
import { InvitationsService } from '../invitations.service.js';
import { Meeting } from '../meeting.js';
import { AnswerEntries, type CalendarEntry, type EntryOutcome } from './answer-entries.service.js';
import { HeldAnswer } from './held-answer.js';
import { Proposal } from './proposal.js';
import {
  type Admitted,
  admit,
  type Asked,
  CALENDAR_ANSWERS,
  type Carrier,
  judge,
  partstatOf,
  replyKey,
  statedAt,
} from './reply.js';
import { ReplyLetters } from './reply-letters.service.js';
import { aliasesOf, lastRequestSentAt, presentInvitation, requestedSince } from './replies.store.js';

/** What a reply is judged by. */
interface Reading {
  readonly mail: OpenedMail;
  readonly carrier: Carrier;
  readonly invitation: Invitation;
  readonly meeting: Meeting;
  readonly asked: Asked;
  readonly contactName: string;
}

const UNREADABLE: Readonly<Record<UnreadableWhy, InboundHoldReason>> = {
  TOO_LARGE: 'CALENDAR_UNREADABLE',
  NO_CALENDAR: 'CALENDAR_UNREADABLE',
  BROKEN: 'CALENDAR_UNREADABLE',
  OTHER_METHOD: 'OTHER_METHOD',
  METHOD_MISMATCH: 'METHOD_MISMATCH',
};
/** A program that asks to see the meeting again is sent it at most this often. */
const REFRESH_EVERY_MS = 3_600_000;
/** Those that the invitee can settle by answering themselves. */
const CONFIRMED_BY_LINK: readonly InboundHoldReason[] = ['LOW_CONFIDENCE', 'STRANGER'];

/** Reads answers that calendar programs send to the reply addresses of invitations. */
@Injectable()
export class CalendarReplies implements OnModuleInit {
  constructor(
    @Inject(InboundReaders) private readonly readers: InboundReaders,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(AnswerEntries) private readonly entries: AnswerEntries,
    @Inject(ReplyLetters) private readonly letters: ReplyLetters,
    @Inject(InvitationsService) private readonly invitations: InvitationsService,
  ) {}

  onModuleInit(): void {
    this.readers.on('CALENDAR', (tx, mail) => this.read(tx, mail));
  }

  /** Judges each event of a reply, applies what may be applied, and holds the message if anything in it must be looked at. */
  async read(tx: Tx, mail: OpenedMail): Promise<InboundOutcome> {
    const calendar = readable(mail);
    if ('state' in calendar) return calendar;
    const id = mail.invitationId === null ? null : await presentInvitation(tx, mail.invitationId);
    if (id === null) return held('OTHER_MEETING');
    const invitation = calendar.method === 'REFRESH' ? await tx.find(Invitation, id) : await tx.lock(Invitation, id);
    const reading = await this.readingOf(tx, mail, invitation);
    const outcomes: InboundOutcome[] = [];
    for (const event of calendar.events) outcomes.push(await this.one(tx, reading, calendar.method, event));
    return outcomes.find(({ state }) => state === 'HELD') ?? outcomes[0] ?? held('CALENDAR_UNREADABLE');
  }

  private async one(
    tx: Tx,
    reading: Reading,
    method: ReplyCalendar['method'],
    event: ReplyEvent,
  ): Promise<InboundOutcome> {
    if (method === 'REFRESH') return this.refresh(tx, reading, event);
    return method === 'COUNTER' ? this.propose(tx, reading, event) : this.answer(tx, reading, event);
  }

  private async answer(tx: Tx, reading: Reading, event: ReplyEvent): Promise<InboundOutcome> {
    const verdict = judge(event, reading.asked, reading.carrier);
    if (verdict === null) return done('Says nothing of coming or not');
    if ('held' in verdict) return this.hold(tx, reading, event, verdict.held);
    const { answer, ...admitted } = verdict;
    const entry = entryOf(reading, admitted, { event, kind: answer });
    const outcome = await this.entries.enter(tx, reading, entry);
    return outcome === 'CONFLICT' ? this.hold(tx, reading, event, 'CONFLICT') : done(ENTERED[outcome]);
  }

  /** Another time: kept beside the answer, which changes only where the program declines at once. */
  private async propose(tx: Tx, reading: Reading, event: ReplyEvent): Promise<InboundOutcome> {
    const admitted = admit(event, reading.asked, reading.carrier);
    if ('held' in admitted) return this.hold(tx, reading, event, admitted.held);
    const span = spanOf(event, reading.meeting);
    if (span === null) return this.hold(tx, reading, event, 'UNKNOWN_ZONE');
    const proposed = await this.keepProposal(tx, reading, admitted, { event, ...span });
    if (partstatOf(event, reading.asked.known) === 'DECLINED') {
      await this.entries.enter(tx, reading, entryOf(reading, admitted, { event, kind: 'DECLINED' }));
    }
    return done(proposed === 'TAKEN' ? 'Suggests another time' : ENTERED[proposed]);
  }

  private async keepProposal(
    tx: Tx,
    { mail, invitation, meeting, contactName }: Reading,
    admitted: Admitted,
    { event, startsAt, endsAt }: { event: ReplyEvent; startsAt: Date; endsAt: Date },
  ): Promise<EntryOutcome> {
    const span = formatSpan(startsAt, endsAt, meeting.zone);
    const comment = event.comment === null ? span : `${span}\n${event.comment}`;
    const reading = { mail, contactName };
    const entry = { ...entryOf(reading, admitted, { event, kind: 'SUGGESTED_TIME' }), comment: plain(comment) ?? span };
    const outcome = await this.entries.enter(tx, { invitation, meeting }, { ...entry, key: `${entry.key}|${span}` });
    if (outcome !== 'TAKEN') return outcome;
    const { authorityId, id: invitationId, meetingId, matterId } = invitation;
    const proposal = Proposal.made({
      ...{ authorityId, id: newId(), invitationId, meetingId, matterId, startsAt, endsAt, channel: 'CALENDAR_REPLY' },
      ...{ words: plain(event.comment), revision: meeting.revision, inboundMailId: mail.id, madeAt: tx.now },
    });
    await tx.insert(Proposal, proposal);
    await tx.record(proposal.come());
    return outcome;
  }

  /** The present request once more, to the registered address. */
  private async refresh(tx: Tx, reading: Reading, event: ReplyEvent): Promise<InboundOutcome> {
    const { invitation, meeting, asked, carrier } = reading;
    const admitted = admit({ ...event, sequence: event.sequence ?? asked.sentSequence }, asked, carrier);
    if ('held' in admitted) return this.hold(tx, reading, event, admitted.held);
    if (invitation.status !== 'OPEN' || !meeting.isOut || tx.now >= meeting.startsAt) {
      return done('Asks to see a meeting that asks nothing any more');
    }
    const since = new Date(tx.now.getTime() - REFRESH_EVERY_MS);
    if (await requestedSince(tx, streamOf(invitation), since)) return done('Asks again within the hour');
    await this.invitations.resend(tx.joining(), meeting.id, invitation.id);
    return done('The present invitation was sent again');
  }

  /** Keeps what was read, for the coordinator; and asks the registered address where the answer may not be theirs. */
  private async hold(
    tx: Tx,
    { mail, invitation, asked, carrier }: Reading,
    event: ReplyEvent,
    reason: InboundHoldReason,
  ): Promise<InboundOutcome> {
    const { authorityId, id: invitationId, matterId, meetingId, contactId } = invitation;
    const partstat = partstatOf(event, asked.known);
    const answer: HeldAnswer = {
      ...{ authorityId, id: mail.id, matterId, invitationId, sequence: event.sequence, comment: plain(event.comment) },
      ...{ startsAt: event.startsAt, endsAt: event.endsAt, statedAt: statedAt(event, carrier) },
      address: event.attendees[0]?.address ?? null,
      answer: CALENDAR_ANSWERS.find((one) => one === partstat) ?? null,
      delegate: event.attendees.find(({ delegatedTo }) => delegatedTo !== null)?.delegatedTo ?? null,
    };
    await tx.sql(
      KEEP_ONE,
      KEPT_FIELDS.map((field) => answer[field]),
    );
    if (CONFIRMED_BY_LINK.includes(reason)) await this.letters.askToConfirm(tx, invitation);
    const object = `invitation:${invitationId}`;
    await tx.record({ action: 'invitation.reply-held', object, details: { reason, meetingId, contactId }, matterId });
    return held(reason);
  }

  private async readingOf(tx: Tx, mail: OpenedMail, invitation: Invitation): Promise<Reading> {
    const meeting = await tx.find(Meeting, invitation.meetingId);
    const contact = await this.directory.contact(tx, invitation.contactId);
    const agency = await this.directory.agency(tx, invitation.agencyId);
    const { askedSequence, sentSequence } = invitation;
    const known = {
      address: contact.email,
      aliases: await aliasesOf(tx, contact.id),
      agencyDomains: agency.emailDomains,
    };
    const lastSentAt = await lastRequestSentAt(tx, streamOf(invitation));
    const asked = {
      uid: meeting.calendarUid,
      startsAt: meeting.startsAt,
      known,
      askedSequence,
      sentSequence,
      lastSentAt,
    };
    const { returnPath, authentication, sentAt, receivedAt } = mail;
    const carrier = { from: mail.sender?.address ?? null, returnPath, authentication, sentAt, receivedAt };
    return { mail, carrier, invitation, meeting, asked, contactName: contact.name };
  }
}

/** The first event of a message that is held is kept; a message is looked at once. */
const KEPT_FIELDS = [
  ...(['authorityId', 'id', 'matterId', 'invitationId', 'address', 'answer', 'sequence', 'statedAt'] as const),
  ...(['comment', 'startsAt', 'endsAt', 'delegate'] as const),
] as const;
const KEEP_ONE = `insert into held_answer (authority_id, id, matter_id, invitation_id, address, answer, sequence, stated_at,
    comment, starts_at, ends_at, delegate)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`;

const ENTERED: Readonly<Record<EntryOutcome, string>> = {
  TAKEN: 'Taken as their answer',
  KEPT: 'Kept beside the answer: it is about something that is no more',
  REPEATED: 'The same answer came before',
  CONFLICT: 'Two answers of the same moment',
};

function readable(mail: OpenedMail): ReplyCalendar | InboundOutcome {
  try {
    return readReply(mail.calendars);
  } catch (error) {
    if (error instanceof UnreadableCalendar) return held(UNREADABLE[error.why], error.message);
    throw error;
  }
}

function entryOf(
  { mail, contactName }: Pick<Reading, 'mail' | 'contactName'>,
  { confidence, via, sequence, isEarlier, statedAt: at }: Admitted,
  { event, kind }: { event: ReplyEvent; kind: CalendarEntry['kind'] },
): CalendarEntry {
  return {
    ...{ kind, confidence, via, sequence, isEarlier, statedAt: at, inboundMailId: mail.id },
    comment: plain(event.comment),
    key: replyKey(event, { sequence, statedAt: at }, kind),
    recordedBy: `${contactName} by calendar`,
  };
}

/** The time that is proposed, as long as the meeting is where no end is named; null where it cannot be told. */
function spanOf({ startsAt, endsAt }: ReplyEvent, meeting: Meeting): { startsAt: Date; endsAt: Date } | null {
  if (startsAt === null) return null;
  const length = meeting.endsAt.getTime() - meeting.startsAt.getTime();
  const until = endsAt ?? new Date(startsAt.getTime() + length);
  return until > startsAt ? { startsAt, endsAt: until } : null;
}

const done = (note: string): InboundOutcome => ({ state: 'DONE', note });
const held = (reason: InboundHoldReason, note = ''): InboundOutcome => ({ state: 'HELD', reason, note });

/** Words of a stranger without the characters that hide or turn a line; null where nothing is left. */
function plain(words: string | null): string | null {
  const text = (words ?? '')
    .replace(/[^\P{C}\n\u200c\u200d]/gu, '')
    .replace(/[\u2028\u2029]/g, ' ')
    .trim();
  return text === '' ? null : Array.from(text).slice(0, 500).join('');
}
