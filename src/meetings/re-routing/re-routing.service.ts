import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { WhoIsAsked } from '../../directory/handover/who-is-asked.service.js';
import {
  type AskedAnswer,
  type AskedInstead,
  type Skipped,
  type Vacancy,
  whoIsAskedInstead,
} from '../../directory/handover/who-is-asked.js';
import { RuleBroken } from '../../errors.js';
import { Listeners } from '../../history/listeners.js';
import { GuestsService } from '../guests.service.js';
import { Invitation } from '../invitation.js';
import { InvitationsService } from '../invitations.service.js';
import { liveOfContact, type LiveRow, mustNotKnow } from '../meeting.store.js';
import { Meeting } from '../meeting.js';
import { PlaceLetters } from './place-letters.service.js';
import { ReRouting } from './re-routing.js';
import { HELD_BY } from './re-routing.sql.js';

/** A place that has lost its person, locked with its meeting. */
interface Place {
  readonly meeting: Meeting;
  readonly invitation: Invitation;
}

/** Who was asked in the end; an invitation where it is a person. */
interface Passed extends AskedAnswer {
  readonly to: Invitation | null;
}

const RUNS_IT: readonly Invitation['role'][] = ['CHAIR', 'MINUTE_TAKER'];

/**
 * What becomes of invitations when somebody is not there any more. Each goes to whoever is asked instead, who gets an
 * invitation and a link of their own; who chairs or takes the minutes is a coordinator's to choose. It reaches matters
 * that whoever causes it may not see, so it is done with the service's own need to know.
 */
@Injectable()
export class ReRoutingService implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(WhoIsAsked) private readonly whoIsAsked: WhoIsAsked,
    @Inject(GuestsService) private readonly guests: GuestsService,
    @Inject(InvitationsService) private readonly invitations: InvitationsService,
    @Inject(PlaceLetters) private readonly letters: PlaceLetters,
  ) {}

  onModuleInit(): void {
    this.listeners.on('handover.started', async (tx, { details }) => {
      if (details.passesOn !== true) return;
      await tx.asService(() => this.passOn(tx, String(details.contactId), String(details.handoverId)));
    });
  }

  /** In an open transaction: passes on every place that somebody holds at meetings still to come. */
  async passOn(tx: Tx, contactId: string, handoverId: string): Promise<void> {
    for (const row of await liveOfContact(tx, contactId)) {
      const place = await lockPlace(tx, row);
      if (!place.invitation.isLive) continue;
      const passed = await this.pass(tx, place);
      await this.keep(tx, place, passed, handoverId);
    }
  }

  private async pass(tx: Tx, { meeting, invitation }: Place): Promise<Passed> {
    await this.letters.stop(tx, invitation);
    const { contactId, postId, matterId, role } = invitation;
    const nobody: Passed = { asked: { as: 'COORDINATOR' }, skipped: [], to: null };
    if (!meeting.isOut || RUNS_IT.includes(role) || contactId === meeting.chairContactId) {
      await this.withdraw(tx, meeting, invitation);
      return nobody;
    }
    const vacancy = await this.whoIsAsked.vacancy(tx, { contactId, postId });
    const excluded = await mustNotKnow(tx, matterId);
    const held = await tx.sql<{ id: string }>(HELD_BY, [tx.by.authorityId, meeting.id]);
    const limits = { mustNotKnow: excluded, alreadyAsked: new Set(held.map(({ id }) => id)) };
    return this.askFirst(tx, { meeting, invitation }, vacancy, limits);
  }

  /** Asks the first who can be asked; whoever the database or the matter refuses at the last moment is passed over. */
  private async askFirst(
    tx: Tx,
    place: Place,
    vacancy: Vacancy,
    limits: { mustNotKnow: ReadonlySet<string>; alreadyAsked: ReadonlySet<string> },
  ): Promise<Passed> {
    const refused: Skipped[] = [];
    for (;;) {
      const barred = new Set([...limits.mustNotKnow, ...refused.map(({ id }) => `contact:${id}`)]);
      const { asked, skipped } = whoIsAskedInstead(vacancy, { ...limits, mustNotKnow: barred });
      if (!('contactId' in asked)) {
        await this.withdraw(tx, place.meeting, place.invitation);
        if (asked.as === 'INBOX') await this.letters.askInbox(tx, place.meeting, asked);
        return { asked, skipped, to: null };
      }
      try {
        const to = await tx.part((part) => this.ask(part, place, asked));
        return { asked, skipped, to };
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error;
        refused.push({ as: asked.as, id: asked.contactId, why: 'EXCLUDED' });
      }
    }
  }

  private async ask(
    tx: Tx,
    { meeting, invitation }: Place,
    asked: Extract<AskedInstead, { contactId: string }>,
  ): Promise<Invitation> {
    const { role, required, directInvolvement, postId: before, matterId, id } = invitation;
    const postId = asked.as === 'SUCCESSOR' ? before : null;
    const [guest] = await this.guests.choose(tx, matterId, [{ contactId: asked.contactId, postId }]);
    if (guest === undefined) throw new Error('Nobody was chosen');
    const passedOn = await tx.lock(Invitation, id);
    const change = passedOn.reRoute({ to: asked.contactId, as: asked.as });
    await tx.save(passedOn);
    await tx.record(change);
    const place = { contactId: asked.contactId, postId: guest.person.postId, role, required, directInvolvement };
    const [to] = await this.invitations.askIn(tx, meeting, [{ person: guest.person, place }]);
    if (to === undefined) throw new Error('Nobody was asked');
    return to;
  }

  private async withdraw(tx: Tx, meeting: Meeting, invitation: Invitation): Promise<void> {
    const withdrawn = invitation.withdraw('NOBODY_THERE');
    await tx.save(invitation);
    await tx.record(withdrawn);
    if (meeting.minuteTakerContactId !== invitation.contactId || !meeting.isAhead(tx.now)) return;
    meeting.minuteTakerContactId = null;
    await tx.save(meeting);
  }

  private async keep(tx: Tx, { invitation }: Place, passed: Passed, handoverId: string): Promise<void> {
    const { authorityId, meetingId, matterId, id: invitationId } = invitation;
    const { asked, skipped, to } = passed;
    const inboxId = asked.as === 'INBOX' ? asked.inboxId : null;
    const at = { authorityId, id: newId(), handoverId, meetingId, matterId, invitationId, at: tx.now };
    const whom = { toInvitationId: to?.id ?? null, inboxId, askedAs: asked.as, skipped: [...skipped] };
    await tx.insert(ReRouting, ReRouting.of({ ...at, ...whom }));
  }
}

async function lockPlace(tx: Tx, row: LiveRow): Promise<Place> {
  const meeting = await tx.lock(Meeting, row.meeting_id);
  return { meeting, invitation: await tx.lock(Invitation, row.id) };
}
