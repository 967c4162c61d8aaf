import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { AgenciesService } from '../directory/agencies.service.js';
import { type DeliveryRow } from '../mail/outbox.js';
import { MatterSections } from '../matters/matter-sections.service.js';
import { type FormPage, type FormState } from '../web/forms.js';
import { REQUIREDNESS, ROLE_LABELS } from './invitation.js';
import { MODE_LABELS } from './meeting.form.js';
import { MeetingSections } from './meeting-sections.js';
import { type Invitee, MeetingsService, type MeetingView } from './meetings.service.js';
import { agencyItems, ROLE_ITEMS } from './new-meeting-pages.service.js';
import { type QuorumResult } from './quorum.js';
import { ANSWER_LABELS, CHANNEL_LABELS, DECLINE_LABELS } from './response.js';
import { isReplaceable } from './substitution.js';
import { SuggestionsService } from './suggestions.service.js';

const NEED_LABELS: Readonly<Record<(typeof REQUIREDNESS)[number], string>> = {
  BY_QUORUM: 'Yes, for quorum',
  BY_COORDINATOR: 'Yes',
  NO: 'No',
};
const NEEDS = REQUIREDNESS.map((value) => ({ value, text: NEED_LABELS[value] }));

/** The pages about a meeting that has gone out. */
@Injectable()
export class MeetingPages implements OnModuleInit {
  constructor(
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
    @Inject(MeetingSections) private readonly sections: MeetingSections,
    @Inject(MatterSections) private readonly matterSections: MatterSections,
    @Inject(SuggestionsService) private readonly suggestions: SuggestionsService,
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
  ) {}

  onModuleInit(): void {
    this.matterSections.register(10, async (by, matter) => {
      const meetings = await this.meetings.list(by, { matterId: matter.id });
      return { view: 'meetings/views/of-matter.njk', meetings, matterId: matter.id };
    });
  }

  /** Everything about one meeting. */
  async meeting(by: Actor, id: string): Promise<FormPage> {
    const view = await this.meetings.show(by, id);
    const locals = {
      ...view,
      invitees: latestOfEach(view.invitees).map((one) => shown(one, view)),
      places: placesOf(view.forecast, view.invitees),
      sections: await this.sections.of(by, id),
      mayChange: coordinates(by),
      modeLabels: MODE_LABELS,
      roleLabels: ROLE_LABELS,
      chairName: nameOf(view.invitees, view.meeting.chairContactId),
      minuteTakerName: nameOf(view.invitees, view.meeting.minuteTakerContactId),
    };
    return { view: 'meetings/views/meeting.njk', locals };
  }

  /** One more person: found in the directory, or new to it. */
  async invitations(by: Actor, id: string, form: FormState): Promise<FormPage> {
    const { meeting, matter, invitees, isAhead } = await this.meetings.show(by, id);
    const typed = typeof form.values.q === 'string' ? form.values.q : '';
    const live = new Set(invitees.filter(({ status }) => status === 'OPEN').map((one) => one.contact_id));
    const people = await this.suggestions.search(by, meeting.matterId, typed);
    const found = people.filter(({ contactId }) => !live.has(contactId));
    const chosen = [form.values.contact ?? []]
      .flat()
      .filter((one) => !found.some(({ contactId }) => contactId === one));
    const carried = chosen.every(isId) ? await this.suggestions.people(by, chosen) : [];
    const locals = {
      meeting,
      matter,
      isAhead,
      found: [...carried, ...found],
      searched: typed,
      roles: ROLE_ITEMS,
      needs: NEEDS,
      form,
      ...(await agencyItems(this.agencies, by)),
    };
    return { view: 'meetings/views/invitations.njk', locals };
  }
}

function isId(typed: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(typed);
}

function nameOf(invitees: readonly Invitee[], contactId: string | null): string | null {
  return invitees.find((one) => one.contact_id === contactId)?.name ?? null;
}

/** Somebody who was replaced or withdrawn and is asked again stands there once. */
function latestOfEach(invitees: readonly Invitee[]): Invitee[] {
  const isOver = ({ status }: Invitee): boolean => status === 'SUPERSEDED' || status === 'WITHDRAWN';
  const asked = new Set(invitees.filter((one) => !isOver(one)).map((one) => one.contact_id));
  return invitees.filter((one) => !isOver(one) || !asked.has(one.contact_id));
}

/** The places of the forecast with names instead of ids. */
function placesOf(forecast: QuorumResult, invitees: readonly Invitee[]): object[] {
  return forecast.requirements.map((place) => ({ ...place, names: place.by.map((id) => nameOf(invitees, id) ?? '') }));
}

/** One line of the table: the answer that counts for the meeting as it is now, and how the latest message fares. */
function shown(one: Invitee, { meeting }: MeetingView): object {
  const isCurrent = one.answered_revision === meeting.revision;
  return {
    ...one,
    answer: isCurrent || one.answered_revision === null ? one.answer : 'NO_RESPONSE',
    answerWords: ANSWER_LABELS[one.answer],
    reasonWords: one.reason === null ? null : DECLINE_LABELS[one.reason],
    channelWords: one.channel === null ? null : CHANNEL_LABELS[one.channel],
    ...(one.delivery === null ? { deliveryState: null } : deliveryOf(one.delivery)),
    replaceable: isReplaceable({ role: one.role, substituteFor: one.substitute_for }),
  };
}

/** How people see what became of a message; that it came back counts more than that it was sent. */
function deliveryOf(row: DeliveryRow): { deliveryState: string; deliveredAt: Date | null; deliveryWhy: string | null } {
  const { bounced_at: bouncedAt, sent_at: sentAt, bounce_reason: deliveryWhy } = row;
  return { deliveryState: deliveryStateOf(row), deliveredAt: bouncedAt ?? sentAt, deliveryWhy };
}

function deliveryStateOf({ state, reason, bounce_kind: bounce }: DeliveryRow): string {
  if (bounce !== null) return bounce === 'UNCLEAR' ? 'CAME_BACK' : `BOUNCED_${bounce}`;
  if (state === 'DEAD') return reason === 'REFUSED' || reason === 'BOUNCED' ? 'BOUNCED_HARD' : 'DROPPED';
  return state === 'PENDING' || state === 'SENDING' ? 'QUEUED' : state;
}
