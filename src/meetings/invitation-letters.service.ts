import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { LinksService } from '../access/links.service.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { type Authority } from '../authorities/authority.js';
import { type CalendarMail } from '../calendar/calendar-mail.js';
import { CalendarLint } from '../calendar/lint.js';
import { type Settings, SETTINGS } from '../config.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { RuleBroken } from '../errors.js';
import { addressToken } from '../mail/address.js';
import { MailLint } from '../mail/lint.js';
import { type MessagePurpose } from '../mail/message.js';
import { Outbox } from '../mail/outbox.js';
import { DiaryEntry, partIn, type Told } from './diaries/diary-entry.js';
import { type Diary } from './diaries/diary-entry.store.js';
import { type Invitation } from './invitation.js';
import { type LetterKind, lettersOf, type LetterWords, placeOf } from './invitation-words.js';
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
  CONFIRMED: 'UPDATE',
  PART: 'UPDATE',
  CANCELLED: 'CANCELLATION',
  WITHDRAWN: 'WITHDRAWAL',
  READDRESSED: 'WITHDRAWAL',
};
const CALENDARS: Readonly<Record<LetterKind, CalendarMail['kind']>> = {
  INVITATION: 'REQUEST',
  REMINDED: 'REQUEST',
  MOVED: 'REQUEST',
  CHANGED: 'REQUEST',
  CONFIRMED: 'REQUEST',
  PART: 'REQUEST',
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

/** One message to one person, and what their diary holds before it. */
export interface InvitationLetter {
  readonly kind: LetterKind;
  readonly invitation: Invitation;
  readonly to: Recipient;
  readonly diary: Diary;
}

/** Messages of one meeting to one person leave strictly in order. */
export function streamOf(invitation: Pick<Invitation, 'meetingId' | 'contactId'>): string {
  return `meeting:${invitation.meetingId}:${invitation.contactId}`;
}

/** Messages to an address that is not theirs any more. */
export function oldStreamOf(invitation: Pick<Invitation, 'meetingId' | 'contactId'>, address: string): string {
  return `${streamOf(invitation)}:${address}`;
}

/** The messages of invitations: each to one person, with their own link and a calendar part of their own. */
@Injectable()
export class InvitationLetters {
  private readonly log = new Logger('Mail');

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

  /** What a message would tell this person's diary now. */
  told(meeting: Meeting, invitation: Invitation): Told {
    const { revision, startsAt, endsAt, zone, mode, place, isHold } = meeting;
    const joining = fingerprint(meeting.joinDetails);
    return { revision, startsAt, endsAt, zone, mode, place, joining, isHold, part: partIn(invitation) };
  }

  /**
   * Queues one message and keeps what it tells. Throws UNSAFE_TEXT, and nothing is changed, when what would be written is
   * not fit to be sent: a name or a place that a mail program could take for an address or a link.
   */
  async send(tx: Tx, about: AboutMeeting, letter: InvitationLetter): Promise<void> {
    try {
      await this.write(tx, about, letter);
    } catch (error) {
      if (!(error instanceof CalendarLint || error instanceof MailLint)) throw error;
      this.log.error(`A message of meeting ${about.meeting.id} was not made: ${error.message}`);
      throw new RuleBroken(
        'UNSAFE_TEXT',
        `The message to ${letter.to.name} cannot be made safe to send, so nothing is changed. Look at the place and at their name for anything like an address or a link`,
      );
    }
  }

  private async write(tx: Tx, about: AboutMeeting, letter: InvitationLetter): Promise<void> {
    const { kind, invitation, to, diary } = letter;
    const { meeting, authority, reference } = about;
    const calendarKind = CALENDARS[kind];
    const target = { contactId: invitation.contactId, purpose: 'RESPOND' as const, targetId: invitation.id };
    const link = calendarKind === 'REQUEST' ? await this.links.mint(tx, target) : null;
    const present = this.told(meeting, invitation);
    const shown = calendarKind === 'REQUEST' ? present : (diary.told ?? present);
    const facts = { kind, recipientName: to.name, reference, meeting: shown, authority, replyBy: about.replyBy };
    const isAnswered = invitation.answer !== 'NO_RESPONSE';
    const words = lettersOf({ ...facts, now: tx.now, link, before: diary.told, isAnswered });
    const stream = kind === 'READDRESSED' ? oldStreamOf(invitation, to.email) : streamOf(invitation);
    const stamp = meeting.lastStampedAt ?? tx.now;
    const purpose = PURPOSES[kind];
    const messageId = await this.outbox.queue(tx, {
      purpose,
      stream,
      dedupeKey: `${stream}:${invitation.id}:${purpose}:${meeting.calendarSequence}:${stamp.getTime()}`,
      to: { name: to.name, address: to.email },
      from: this.from(authority, invitation),
      subject: words.subject,
      words: words.words,
      calendar: this.calendar(about, { kind, invitation, to }, { words, shown }),
      matterId: meeting.matterId,
      meetingId: meeting.id,
      contactId: invitation.contactId,
      notAfter: meeting.endsAt,
      inReplyTo: diary.first ?? undefined,
      urgent: meeting.urgency === 'EMERGENCY',
    });
    await this.keep(tx, { ...shown, messageId, kind: calendarKind, sequence: meeting.calendarSequence }, invitation);
  }

  private async keep(
    tx: Tx,
    told: Told & Pick<DiaryEntry, 'messageId' | 'kind' | 'sequence'>,
    of: Invitation,
  ): Promise<void> {
    const { authorityId, id: invitationId, meetingId, matterId } = of;
    await tx.insert(
      DiaryEntry,
      Object.assign(new DiaryEntry(), told, { authorityId, invitationId, meetingId, matterId }),
    );
  }

  private calendar(
    { meeting, authority }: AboutMeeting,
    one: { kind: LetterKind; invitation: Invitation; to: Recipient },
    { words, shown }: { words: LetterWords; shown: Told },
  ): CalendarMail {
    const { invitation, to } = one;
    return {
      kind: CALENDARS[one.kind],
      uid: meeting.calendarUid,
      sequence: meeting.calendarSequence,
      stampedAt: meeting.lastStampedAt ?? meeting.createdAt,
      startsAt: shown.startsAt,
      endsAt: shown.endsAt,
      zone: shown.zone,
      title: words.title,
      place: placeOf(shown),
      note: words.note,
      organiser: this.from(authority, invitation),
      invitee: {
        name: to.name,
        address: to.email,
        role: shown.part,
        partstat: PARTSTATS[invitation.answer],
      },
      hold: shown.isHold,
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

/** Tells one text from another without keeping it. */
function fingerprint(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text).digest('hex');
}
