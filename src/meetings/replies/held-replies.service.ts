import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { requiredReason } from '../../authorities/plain-text.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotFound, OutOfDate, RuleBroken } from '../../errors.js';
import { addressKey, parseAddress } from '../../mail/address.js';
import { type HeldMail, HeldMailService } from '../../mail/inbound/held-mail.service.js';
import { type Authentication, type InboundHoldReason, type InboundKind } from '../../mail/inbound/opened-mail.js';
import { AnswersService, type GivenAnswer } from '../answers.service.js';
import { askedOf } from '../asked.store.js';
import { streamOf } from '../invitation-letters.service.js';
import { Invitation, type InvitationStatus } from '../invitation.js';
import { type AnswerKind, type Response } from '../response.js';
import { mustRunMeetings } from '../running.js';
import { type NamedSubstitute, type SubstituteResult, SubstitutesService } from '../substitutes.service.js';
import { AnswerEntries } from './answer-entries.service.js';
import { ContactAlias } from './contact-alias.js';
import { HELD, HELD_ONE } from './held-replies.sql.js';
import { aliasesOf, lastRequestSentAt, presentInvitation } from './replies.store.js';
import { type CalendarAnswer } from './reply.js';
import { type Place, placeOf } from './reply-order.js';

/** A message that waits, with what it is about. */
export interface HeldRow {
  readonly id: string;
  readonly version: number;
  readonly reason: InboundHoldReason;
  readonly note: string | null;
  readonly kind: InboundKind | null;
  readonly received_at: Date;
  readonly sender_name: string | null;
  readonly sender_address: string | null;
  readonly subject: string | null;
  readonly authentication: Authentication | null;
  readonly possibly_automatic: boolean;
  readonly meeting_id: string | null;
  readonly meeting_ref: string | null;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly matter_ref: string | null;
  readonly contact_id: string | null;
  readonly contact_name: string | null;
  readonly contact_email: string | null;
  readonly agency_name: string | null;
  readonly present_id: string | null;
  readonly present_status: InvitationStatus | null;
  readonly present_answer: AnswerKind | null;
  /** What the calendar in it says: whom it names, what they answer, which time it proposes, whom they send. */
  readonly address: string | null;
  readonly answer: CalendarAnswer | null;
  readonly comment: string | null;
  readonly sequence: number | null;
  readonly stated_at: Date | null;
  readonly says_starts_at: Date | null;
  readonly says_ends_at: Date | null;
  readonly delegate: string | null;
}

/** One of them with the words a person would read. */
export interface HeldDetail extends HeldRow {
  readonly text: string;
}

interface CameIn {
  readonly channel: 'EMAIL' | 'CALENDAR_REPLY';
  readonly statedAt: Date;
  readonly saidBy: string | null;
  readonly mail: Pick<Response, 'inboundMailId' | 'confidence' | 'via' | 'sequence' | 'replyKey'>;
}

/** Replies that wait for a coordinator: looked at, then applied, recognised, passed to a substitute, or dismissed. */
@Injectable()
export class HeldReplies {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(HeldMailService) private readonly mails: HeldMailService,
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(SubstitutesService) private readonly substitutes: SubstitutesService,
    @Inject(AnswerEntries) private readonly entries: AnswerEntries,
  ) {}

  /** What this person may look at, the soonest meeting first; at most 200. Throws NotAllowed. */
  async list(by: Actor): Promise<HeldRow[]> {
    mustRunMeetings(by);
    return this.work.run(by, (tx) => tx.sql<HeldRow>(HELD, [by.authorityId]));
  }

  /** Throws NotFound for what is settled, not there, or about a matter this person may not know of. */
  async show(by: Actor, id: string): Promise<HeldDetail> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const [row] = await tx.sql<HeldRow>(HELD_ONE, [by.authorityId, id]);
      if (row === undefined) throw new NotFound();
      return { ...row, text: this.mails.textOf(await this.mails.find(tx, id)) };
    });
  }

  /**
   * Takes an answer from it, on the coordinator's word: of the time it gave itself, or came. Throws NotAllowed, NotFound,
   * OutOfDate, and what an answer by telephone does; ANSWER_TO_OLD_TIME for what a calendar said of an earlier time.
   */
  async apply(by: Actor, id: string, given: GivenAnswer & { readonly seen: number }): Promise<void> {
    await this.decide(by, id, given.seen, async (tx, mail, invitation) => {
      const row = await this.said(tx, id);
      if (row?.answer === given.kind && (await placeIn(tx, mail, row, invitation)).kind === 'EARLIER') {
        throw new RuleBroken('ANSWER_TO_OLD_TIME', EARLIER, 'kind');
      }
      await this.answers.take(tx, await askedOf(tx, invitation), given, cameIn(mail, row, given.kind));
      await this.settle(tx, mail, { action: 'invitation.reply-applied', note: 'Taken as their answer', invitation });
    });
  }

  /**
   * Recognises the address it came from as another one of the invitee's, and takes the answer if it is one. Throws what
   * `apply` does, INVALID_EMAIL where it names none, ALREADY_EXISTS for an address that is known already.
   */
  async addAlias(by: Actor, id: string, seen: number): Promise<void> {
    await this.decide(by, id, seen, async (tx, mail, invitation) => {
      const row = await this.said(tx, id);
      const address = parseAddress(addressIn(mail, row) ?? '');
      if (address === undefined) throw new RuleBroken('INVALID_EMAIL', 'This message names no address to add');
      await this.remember(tx, invitation, address);
      if (row?.answer != null) await this.takeRecognised(tx, mail, { ...row, answer: row.answer }, invitation);
      const note = 'The address was added as another one of theirs';
      await this.settle(tx, mail, { action: 'invitation.reply-recognised', note, invitation });
    });
  }

  /**
   * Invites whoever wrote as the invitee's substitute, by the rules for any substitute. ASKED: the address is not one of
   * the agency's own, and the message goes on waiting. Throws what naming a substitute does.
   */
  async substitute(
    by: Actor,
    id: string,
    given: NamedSubstitute & { readonly seen: number },
  ): Promise<SubstituteResult> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const { seen, ...named } = given;
      const { invitationId } = await this.mails.find(tx, id);
      const present = invitationId === null ? null : await presentInvitation(tx, invitationId);
      if (present === null) throw new NotFound();
      const result = await this.substitutes.name(tx.joining(), present, named);
      const mail = await this.waiting(tx, id, seen);
      if (result.outcome === 'INVITED') {
        const note = 'They were invited as a substitute';
        const invitation = await tx.find(Invitation, present);
        await this.settle(tx, mail, { action: 'invitation.reply-became-substitute', note, invitation });
      }
      return result;
    });
  }

  /** Puts it aside for a reason; it stays in the record. Throws NotAllowed, NotFound, OutOfDate, REASON_REQUIRED. */
  async dismiss(by: Actor, id: string, given: { reason: string | null; seen: number }): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const mail = await this.waiting(tx, id, given.seen);
      const note = requiredReason(given.reason, 'Say why nothing is to be done with it');
      await this.settle(tx, mail, { action: 'invitation.reply-dismissed', note, invitation: null });
    });
  }

  private async decide(
    by: Actor,
    id: string,
    seen: number,
    change: (tx: Tx, mail: HeldMail, invitation: Invitation) => Promise<void>,
  ): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const { invitationId } = await this.mails.find(tx, id);
      const present = invitationId === null ? null : await presentInvitation(tx, invitationId);
      if (present === null) throw new NotFound();
      const invitation = await tx.lock(Invitation, present);
      await change(tx, await this.waiting(tx, id, seen), invitation);
    });
  }

  /** An answer to an earlier time is kept and asked for again, as if it had come from a known address. */
  private async takeRecognised(
    tx: Tx,
    mail: HeldMail,
    row: HeldRow & { readonly answer: CalendarAnswer },
    invitation: Invitation,
  ): Promise<void> {
    const { answer: kind, comment } = row;
    const asked = await askedOf(tx, invitation);
    const cameBy = cameIn(mail, row, kind);
    const place = await placeIn(tx, mail, row, invitation);
    const recognised = { ...cameBy.mail, confidence: 'MEDIUM' as const };
    if (place.kind === 'EARLIER') {
      await this.entries.enter(tx, asked, {
        ...{ kind, comment, confidence: 'MEDIUM', via: recognised.via, sequence: place.sequence, isEarlier: true },
        ...{ statedAt: cameBy.statedAt, key: `held|${mail.id}`, inboundMailId: mail.id, recordedBy: tx.by.name },
      });
      return;
    }
    await this.answers.take(tx, asked, { kind, comment }, { ...cameBy, saidBy: null, mail: recognised });
  }

  private async waiting(tx: Tx, id: string, seen: number): Promise<HeldMail> {
    const mail = await this.mails.lock(tx, id, seen);
    if (mail.state !== 'HELD') throw new OutOfDate();
    return mail;
  }

  private async said(tx: Tx, id: string): Promise<HeldRow | undefined> {
    const [row] = await tx.sql<HeldRow>(HELD_ONE, [tx.by.authorityId, id]);
    return row;
  }

  private async remember(tx: Tx, { contactId, agencyId }: Invitation, address: string): Promise<void> {
    const key = addressKey(address);
    if ((await aliasesOf(tx, contactId)).some((one) => addressKey(one) === key)) {
      throw new RuleBroken('ALREADY_EXISTS', 'This address is known as one of theirs already');
    }
    const facts = { authorityId: tx.by.authorityId, id: newId(), contactId, address, addressKey: key };
    await tx.insert(ContactAlias, Object.assign(new ContactAlias(), facts, { addedBy: tx.by.name, addedAt: tx.now }));
    await tx.record({
      action: 'contact.alias-added',
      object: `contact:${contactId}`,
      details: { contactId, address },
      agencyId,
    });
  }

  private async settle(
    tx: Tx,
    mail: HeldMail,
    done: { action: string; note: string; invitation: Invitation | null },
  ): Promise<void> {
    const { action, note, invitation } = done;
    const state = action === 'invitation.reply-dismissed' ? ('DISMISSED' as const) : ('DONE' as const);
    await this.mails.settle(tx, mail, { state, note }, tx.by.id);
    const { reason, meetingId, contactId, matterId } = mail;
    const target = invitation?.id ?? mail.invitationId;
    await tx.record({
      action,
      object: target === null ? `inbound-mail:${mail.id}` : `invitation:${target}`,
      details: { mail: mail.id, heldFor: reason, meetingId, contactId, note },
      ...(matterId === null ? {} : { matterId }),
    });
  }
}

const EARLIER = 'This answers an earlier time of the meeting. Ask them about the present one, or put the reply aside';

/** Which request of the invitation a calendar that waited answers, as things stand now. */
async function placeIn(tx: Tx, mail: HeldMail, row: HeldRow, invitation: Invitation): Promise<Place> {
  const { askedSequence, sentSequence } = invitation;
  const lastSentAt = await lastRequestSentAt(tx, streamOf(invitation));
  const stamped = { sequence: row.sequence, sentAt: row.stated_at, receivedAt: mail.receivedAt };
  return placeOf(stamped, { askedSequence, sentSequence, lastSentAt });
}

/** How an answer that a coordinator takes from a message came: from the calendar as it stands, or from its words. */
function cameIn(mail: HeldMail, row: HeldRow | undefined, kind: GivenAnswer['kind']): CameIn {
  const via = addressIn(mail, row);
  const from = { inboundMailId: mail.id, confidence: null, via, sequence: null, replyKey: null };
  const saidBy = via === null ? null : via.slice(0, 120);
  const saidAt = mail.kind === 'CALENDAR' && row?.answer === kind ? (row.stated_at ?? mail.receivedAt) : null;
  if (saidAt !== null) return { channel: 'CALENDAR_REPLY', statedAt: saidAt, saidBy, mail: from };
  return { channel: 'EMAIL', statedAt: mail.receivedAt, saidBy, mail: from };
}

/** Whom the calendar in it names, or who sent it. */
function addressIn(mail: HeldMail, row: HeldRow | undefined): string | null {
  return row?.address ?? mail.senderAddress;
}
