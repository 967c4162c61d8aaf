import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LinksService } from '../access/links.service.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { type Authority } from '../authorities/authority.js';
import { type CalendarMail } from '../calendar/calendar-mail.js';
import { type Settings, SETTINGS } from '../config.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { addressToken } from '../mail/address.js';
import { type DropReason, type MessagePurpose } from '../mail/message.js';
import { type Letter, Outbox } from '../mail/outbox.js';
import { type Invitation } from './invitation.js';
import { type LetterKind, lettersOf, type LetterWords, placeOf } from './invitation-words.js';
import { type LeftMessage, requestsThatLeft } from './meeting.store.js';
import { type Meeting } from './meeting.js';
import { replyBy } from './reply-by.js';

/** What all messages about one meeting share. */
export interface AboutMeeting {
  readonly meeting: Meeting;
  /** The matter's reference. */
  readonly reference: string;
  readonly authority: Authority;
  readonly replyBy: Date | null;
}

/** The address a message goes to. */
export interface Recipient {
  readonly name: string;
  readonly email: string;
}

/** The secret of a reply address: found by its hash, readable again because every update prints it. */
export type ReplyAddress = Pick<Invitation, 'replyHash' | 'replySealed'>;

const PURPOSES: Readonly<Record<LetterKind, MessagePurpose>> = {
  INVITATION: 'INVITATION',
  REMINDED: 'INVITATION',
  MOVED: 'UPDATE',
  CHANGED: 'UPDATE',
  CANCELLED: 'CANCELLATION',
  WITHDRAWN: 'WITHDRAWAL',
  READDRESSED: 'WITHDRAWAL',
};
const CALENDARS: Readonly<Record<LetterKind, CalendarMail['kind']>> = {
  INVITATION: 'REQUEST',
  REMINDED: 'REQUEST',
  MOVED: 'REQUEST',
  CHANGED: 'REQUEST',
  CANCELLED: 'CANCEL',
  WITHDRAWN: 'WITHDRAW',
  READDRESSED: 'WITHDRAW',
};
const PARTSTATS: Readonly<Record<Invitation['answer'], CalendarMail['invitee']['partstat']>> = {
  NO_RESPONSE: 'NEEDS-ACTION',
  ACCEPTED: 'ACCEPTED',
  TENTATIVE: 'TENTATIVE',
  DECLINED: 'DECLINED',
  SUBSTITUTE_NAMED: 'DECLINED',
  REPORT_ONLY: 'DECLINED',
  NOT_ME: 'DECLINED',
  MOVED_ON: 'DECLINED',
};

type CallingOff = 'CANCELLED' | 'WITHDRAWN' | 'READDRESSED';

/** Messages of one meeting to one person leave strictly in order. */
export function streamOf(invitation: Pick<Invitation, 'meetingId' | 'contactId'>): string {
  return `meeting:${invitation.meetingId}:${invitation.contactId}`;
}

/** The messages of invitations: each to one person, with their own link and a calendar part of their own. */
@Injectable()
export class InvitationLetters {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
  ) {}

  /** What all messages about a meeting share, read once. */
  async about(tx: Tx, meeting: Meeting, reference: string): Promise<AboutMeeting> {
    const authority = await this.authorities.authority(tx);
    const calendar = await this.authorities.calendar(tx);
    return { meeting, reference, authority, replyBy: replyBy(tx.now, meeting.startsAt, calendar) };
  }

  /** The name by which diaries know a meeting, for ever. */
  newCalendarUid(): string {
    return `${randomUUID()}@${this.settings.mailDomain}`;
  }

  /** A new reply address for an invitation. */
  newReplyAddress(invitation: Pick<Invitation, 'authorityId' | 'id'>): ReplyAddress {
    return this.sealedFor(invitation, addressToken(randomBytes(26)));
  }

  /** The reply address of an earlier invitation to the same person, for this one. */
  sameReplyAddress(
    invitation: Pick<Invitation, 'authorityId' | 'id'>,
    earlier: { readonly id: string; readonly reply_sealed: Buffer },
  ): ReplyAddress {
    const { authorityId } = invitation;
    const place = replyPlace({ authorityId, id: earlier.id });
    return this.sealedFor(invitation, this.sealing.open(earlier.reply_sealed, place).toString());
  }

  /**
   * Drops what has not left yet and answers with the requests that have, or may have: only who has had one hears of a
   * cancellation or a withdrawal.
   */
  async settle(tx: Tx, invitation: Invitation, reason: DropReason): Promise<LeftMessage[]> {
    const stream = streamOf(invitation);
    await this.outbox.drop(tx, { stream }, reason);
    return requestsThatLeft(tx, stream);
  }

  /** Asks: the first request to this person, or the same once more with a new link. */
  async ask(tx: Tx, about: AboutMeeting, invitation: Invitation, to: Recipient): Promise<void> {
    const left = await this.settle(tx, invitation, 'SUPERSEDED');
    await this.send(tx, about, { kind: left.length > 0 ? 'REMINDED' : 'INVITATION', invitation, to, left });
  }

  /** Tells of a change; somebody who has had no request yet is simply asked. */
  async tellChange(tx: Tx, about: AboutMeeting, invitation: Invitation, to: Recipient): Promise<void> {
    const left = await this.settle(tx, invitation, 'SUPERSEDED');
    const changed: LetterKind = invitation.answer === 'NO_RESPONSE' ? 'MOVED' : 'CHANGED';
    await this.send(tx, about, { kind: left.length > 0 ? changed : 'INVITATION', invitation, to, left });
  }

  /** Calls off for this person, if they ever had a request; `left` is what `settle` answered. */
  async callOff(
    tx: Tx,
    about: AboutMeeting,
    off: { kind: CallingOff; invitation: Invitation; to: Recipient; left: readonly LeftMessage[] },
  ): Promise<void> {
    if (off.left.length > 0) await this.send(tx, about, off);
  }

  private async send(
    tx: Tx,
    about: AboutMeeting,
    one: { kind: LetterKind; invitation: Invitation; to: Recipient; left: readonly LeftMessage[] },
  ): Promise<void> {
    const { kind, invitation, to, left } = one;
    const target = { contactId: invitation.contactId, purpose: 'RESPOND' as const, targetId: invitation.id };
    const link = CALENDARS[kind] === 'REQUEST' ? await this.links.mint(tx, target) : null;
    const { meeting, authority, reference } = about;
    const facts = { kind, recipientName: to.name, reference, meeting, authority, replyBy: about.replyBy };
    const words = lettersOf({ ...facts, now: tx.now, link });
    const purpose = PURPOSES[kind];
    const stream = kind === 'READDRESSED' ? `${streamOf(invitation)}:${to.email}` : streamOf(invitation);
    const stamp = meeting.lastStampedAt ?? tx.now;
    const letter: Letter = {
      purpose,
      stream,
      dedupeKey: `${stream}:${invitation.id}:${purpose}:${meeting.calendarSequence}:${stamp.getTime()}`,
      to: { name: to.name, address: to.email },
      from: this.from(authority, invitation),
      subject: words.subject,
      words: words.words,
      calendar: this.calendar(about, { kind, invitation, to }, words),
      matterId: meeting.matterId,
      meetingId: meeting.id,
      contactId: invitation.contactId,
      notAfter: meeting.endsAt,
      inReplyTo: left[0]?.message_id,
      urgent: meeting.urgency === 'EMERGENCY',
    };
    await this.outbox.queue(tx, letter);
  }

  private calendar(
    { meeting, authority }: AboutMeeting,
    one: { kind: LetterKind; invitation: Invitation; to: Recipient },
    words: LetterWords,
  ): CalendarMail {
    const { invitation, to } = one;
    return {
      kind: CALENDARS[one.kind],
      uid: meeting.calendarUid,
      sequence: meeting.calendarSequence,
      stampedAt: meeting.lastStampedAt ?? meeting.createdAt,
      startsAt: meeting.startsAt,
      endsAt: meeting.endsAt,
      zone: meeting.zone,
      title: words.title,
      place: placeOf(meeting),
      note: words.note,
      organiser: this.from(authority, invitation),
      invitee: {
        name: to.name,
        address: to.email,
        role: calendarRole(invitation),
        partstat: PARTSTATS[invitation.answer],
      },
    };
  }

  /** The sender of all messages of an invitation: answers from a calendar come back to this address. */
  from(authority: Pick<Authority, 'shortName'>, invitation: Invitation): { name: string; address: string } {
    const token = this.sealing.open(invitation.replySealed, replyPlace(invitation)).toString();
    return { name: `${authority.shortName} meetings`, address: this.outbox.replyAddress(token) };
  }

  private sealedFor(invitation: Pick<Invitation, 'authorityId' | 'id'>, token: string): ReplyAddress {
    return {
      replyHash: this.sealing.hash('reply', token),
      replySealed: this.sealing.seal(Buffer.from(token), replyPlace(invitation)),
    };
  }
}

function replyPlace(invitation: Pick<Invitation, 'authorityId' | 'id'>): string {
  return `${invitation.authorityId}|invitation|${invitation.id}|reply`;
}

function calendarRole({ role, required }: Invitation): CalendarMail['invitee']['role'] {
  if (role === 'CHAIR') return 'CHAIR';
  return required === 'NO' && role !== 'MINUTE_TAKER' ? 'OPT-PARTICIPANT' : 'REQ-PARTICIPANT';
}
