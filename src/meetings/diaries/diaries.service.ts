import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { type DropReason } from '../../mail/message.js';
import { CALENDAR_PURPOSES, Outbox } from '../../mail/outbox.js';
import { referenceOf } from '../confirmations.service.js';
import { type Invitation } from '../invitation.js';
import {
  type AboutMeeting,
  InvitationLetters,
  oldStreamOf,
  type Recipient,
  streamOf,
} from '../invitation-letters.service.js';
import { type LetterKind } from '../invitation-words.js';
import { type Meeting } from '../meeting.js';
import { type AnswerKind, currentAnswer, Response } from '../response.js';
import { type Answered, asksAnew, type News, newsFor } from './diary-entry.js';
import { type Diary, diaryOf, hasLink } from './diary-entry.store.js';

/** What each invitee has answered, by invitation: read once for a whole meeting. */
export type Ledger = ReadonlyMap<string, readonly Response[]>;

const LETTERS: Readonly<Record<Exclude<News, 'NOTHING'>, LetterKind>> = {
  INVITED: 'INVITATION',
  MOVED: 'MOVED',
  CONFIRMED: 'CONFIRMED',
  PART: 'PART',
  JOINING: 'CHANGED',
};

/**
 * Brings diaries into line with a meeting. What has not left yet is dropped first; then each person gets what their diary
 * lacks, measured by the last message that left. So changes within the hold become one message, or none.
 */
@Injectable()
export class Diaries {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(InvitationLetters) private readonly letters: InvitationLetters,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  /** What all messages about a meeting share, read once. */
  async about(tx: Tx, meeting: Meeting): Promise<AboutMeeting> {
    return this.letters.about(tx, meeting, await referenceOf(tx, meeting.matterId));
  }

  /** Drops every message to this person about the meeting that has not left. */
  async drop(tx: Tx, invitation: Invitation, reason: DropReason): Promise<void> {
    await this.outbox.drop(tx, { stream: streamOf(invitation) }, reason);
  }

  /** Drops calendar messages that have not left and answers what the diary behind an address holds. */
  async settle(tx: Tx, invitation: Invitation, to: Recipient, reason: DropReason): Promise<Diary> {
    const stream = streamOf(invitation);
    await this.outbox.drop(tx, { stream, purposes: CALENDAR_PURPOSES }, reason);
    return diaryOf(tx, stream, to.email);
  }

  /** All answers to a meeting. */
  async ledger(tx: Tx, meetingId: string): Promise<Ledger> {
    const { authorityId } = tx.by;
    const ledger = new Map<string, Response[]>();
    for (const given of await tx.manager.find(Response, { where: { authorityId, meetingId } })) {
      ledger.set(given.invitationId, [...(ledger.get(given.invitationId) ?? []), given]);
    }
    return ledger;
  }

  /** Names of those whose diaries hold the meeting. */
  async holders(tx: Tx, invitations: readonly Invitation[]): Promise<string[]> {
    const names: string[] = [];
    for (const invitation of invitations) {
      const { name, email } = await this.directory.contact(tx, invitation.contactId);
      const { told } = await diaryOf(tx, streamOf(invitation), email);
      if (told !== null) names.push(name);
    }
    return names.sort((one, other) => one.localeCompare(other));
  }

  /** What `follow` would tell this person of the meeting as it is given; changes nothing. */
  async foretell(tx: Tx, meeting: Meeting, invitation: Invitation, ledger: Ledger): Promise<News> {
    if (invitation.status !== 'OPEN') return 'NOTHING';
    const to = await this.directory.contact(tx, invitation.contactId);
    const diary = await diaryOf(tx, streamOf(invitation), to.email);
    return newsFor(diary.told, this.letters.told(meeting, invitation), answeredBy(invitation, ledger));
  }

  /** Tells this person what their diary lacks of a changed meeting, and asks again where it must. Saves the invitation. */
  async follow(tx: Tx, about: AboutMeeting, invitation: Invitation, ledger: Ledger): Promise<News> {
    if (invitation.status !== 'OPEN') return 'NOTHING';
    const { meeting } = about;
    const to = await this.directory.contact(tx, invitation.contactId);
    const diary = await this.settle(tx, invitation, to, 'SUPERSEDED');
    const present = this.letters.told(meeting, invitation);
    const answered = answeredBy(invitation, ledger);
    const news = newsFor(diary.told, present, answered);
    const change = asksAnew(news, present, answered)
      ? invitation.follow(meeting)
      : invitation.standBy(meeting, lastTold(diary, ledger, invitation));
    if (news !== 'NOTHING') invitation.hear(meeting);
    await tx.save(invitation);
    if (change !== null) await tx.record(change);
    if (news !== 'NOTHING') await this.letters.send(tx, about, { kind: LETTERS[news], invitation, to, diary });
    return news;
  }

  /**
   * Asks somebody who has just been put down for the meeting. Whoever was withdrawn a moment ago, before they heard of it
   * and before they had answered, has it all in the diary and hears nothing, as long as their link works and unless they
   * must hear it all the same.
   */
  async ask(tx: Tx, about: AboutMeeting, invitation: Invitation, to: Recipient, mustHear: boolean): Promise<void> {
    const diary = await this.settle(tx, invitation, to, 'SUPERSEDED');
    const present = this.letters.told(about.meeting, invitation);
    const fresh = { answer: 'NO_RESPONSE', answeredRevision: null, latestRevision: null } as const;
    const isTold = !mustHear && newsFor(diary.told, present, fresh) === 'NOTHING';
    if (diary.told !== null && isTold && (await hasLink(tx, invitation))) {
      invitation.stillHas(diary.told.sequence);
      await tx.save(invitation);
      return;
    }
    await this.letters.send(tx, about, { kind: 'INVITATION', invitation, to, diary });
  }

  /** The same once more, with a new link, because somebody wants it so. */
  async askAgain(tx: Tx, about: AboutMeeting, invitation: Invitation, to: Recipient): Promise<void> {
    await this.outbox.drop(tx, { stream: oldStreamOf(invitation, to.email) }, 'SUPERSEDED');
    const diary = await this.settle(tx, invitation, to, 'SUPERSEDED');
    await this.letters.send(tx, about, {
      kind: diary.told === null ? 'INVITATION' : 'REMINDED',
      invitation,
      to,
      diary,
    });
  }

  /** Takes the meeting out of a diary that holds it; `diary` is what `settle` answered. */
  async callOff(
    tx: Tx,
    about: AboutMeeting,
    off: { kind: 'CANCELLED' | 'WITHDRAWN' | 'READDRESSED'; invitation: Invitation; to: Recipient; diary: Diary },
  ): Promise<void> {
    if (off.diary.told !== null) await this.letters.send(tx, about, off);
  }
}

/** The last request that left, and what they answered to it; null where none did. */
function lastTold({ told }: Diary, ledger: Ledger, invitation: Invitation): Parameters<Invitation['standBy']>[1] {
  if (told === null) return null;
  return { sequence: told.sequence, given: answerTo(ledger, invitation, told.revision) };
}

function answeredBy(invitation: Invitation, ledger: Ledger): Answered {
  const { answer, answeredRevision } = invitation;
  const revisions = (ledger.get(invitation.id) ?? [])
    .filter(({ kind }) => kind !== 'SUGGESTED_TIME')
    .map(({ revision }) => revision);
  return { answer, answeredRevision, latestRevision: revisions.length === 0 ? null : Math.max(...revisions) };
}

/** The answer that counted for what they were told. */
function answerTo(
  ledger: Ledger,
  invitation: Invitation,
  revision: number,
): { kind: AnswerKind; statedAt: Date } | null {
  const given = currentAnswer(ledger.get(invitation.id) ?? [], revision);
  return given === null ? null : { kind: given.kind as AnswerKind, statedAt: given.statedAt };
}
