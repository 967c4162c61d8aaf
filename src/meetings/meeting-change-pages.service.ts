import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { emptyForm, type FormPage, type FormState } from '../web/forms.js';
import { ChangesService, type MovePreview } from './changes.service.js';
import { type News } from './diaries/diary-entry.js';
import { MODE_ITEMS, moveValues } from './meeting.form.js';
import { MeetingsService } from './meetings.service.js';
import { SeriesService } from './series/series.service.js';

/** What was typed on the page that changes a meeting. */
export interface EditGiven {
  readonly form?: FormState;
  readonly chairForm?: FormState;
  readonly preview?: MovePreview | undefined;
}

/** What somebody hears of a change, in the order in which a page says it. */
const NEWS_WORDS: readonly (readonly [News, string])[] = [
  ['MOVED', 'Told of the change and asked again'],
  ['INVITED', 'Invited to the meeting as it is then (no message has left yet)'],
  ['CONFIRMED', 'Told that the time is certain'],
  ['JOINING', 'Told of the change, with no need to answer again'],
  ['PART', 'Told whether they are needed'],
  ['NOTHING', 'No message'],
];

/** Who gets what, by what they hear. */
function groupsOf({ heard }: Pick<MovePreview, 'heard'>): { words: string; names: string[] }[] {
  return NEWS_WORDS.map(([news, words]) => ({
    words,
    names: heard.filter((one) => one.news === news).map(({ name }) => name),
  })).filter(({ names }) => names.length > 0);
}

/** The pages on which a meeting is moved, made certain or cancelled: each says first who would hear of it. */
@Injectable()
export class MeetingChangePages {
  constructor(
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
    @Inject(ChangesService) private readonly changes: ChangesService,
    @Inject(SeriesService) private readonly series: SeriesService,
  ) {}

  /** Another time or place, with who would hear of it once that was looked at; and another chair. */
  async edit(by: Actor, id: string, given: EditGiven = {}): Promise<FormPage> {
    const { meeting, matter, invitees } = await this.meetings.show(by, id);
    const people = invitees
      .filter(({ status }) => status === 'OPEN')
      .map((one) => ({ value: one.contact_id, text: `${one.name}, ${one.agency_name}` }));
    const seats = { chair: meeting.chairContactId ?? '', minuteTaker: meeting.minuteTakerContactId ?? '' };
    const { form = emptyForm(moveValues(meeting)), chairForm = emptyForm(seats), preview } = given;
    const both = { values: form.values, errors: [...form.errors, ...chairForm.errors] };
    const shown = preview && { ...preview, groups: groupsOf(preview) };
    const locals = { meeting, matter, modes: MODE_ITEMS, people, preview: shown, chairForm, form: both };
    return { view: 'meetings/views/edit-meeting.njk', locals };
  }

  /** Why it is cancelled. */
  async cancellation(by: Actor, id: string, form: FormState): Promise<FormPage> {
    const { meeting, matter } = await this.meetings.show(by, id);
    const told = await this.changes.whoHolds(by, id);
    const later = await this.series.laterThan(by, id);
    return { view: 'meetings/views/cancellation.njk', locals: { meeting, matter, told, later, form } };
  }

  /** A held time made certain: who hears of it, and what to think of twice. */
  async confirmation(by: Actor, id: string, given?: FormState): Promise<FormPage> {
    const { meeting, matter, isAhead } = await this.meetings.show(by, id);
    const form = given ?? emptyForm({ overrideReason: meeting.overrideReason ?? '' });
    const canBe = meeting.isHold && isAhead;
    const preview = canBe ? await this.changes.previewConfirmation(by, id) : { heard: [], warnings: [] };
    const locals = { meeting, matter, canBe, preview, groups: groupsOf(preview), form };
    return { view: 'meetings/views/confirm-meeting.njk', locals };
  }
}
