import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { NotFound, RuleBroken } from '../errors.js';
import { emptyForm, type FormPage, type FormState } from '../web/forms.js';
import { type Requiredness } from './invitation.js';
import { lettersOf } from './invitation-words.js';
import { type Invitee, MeetingsService, type MeetingView } from './meetings.service.js';
import { PHONED_ITEMS } from './phoned-answer.form.js';
import { REASON_ITEMS } from './answer.form.js';
import { colleagueWords, SubstitutesService } from './substitutes.service.js';

const NEEDS: readonly { readonly value: Requiredness; readonly text: string }[] = [
  { value: 'BY_QUORUM', text: 'Yes, for quorum' },
  { value: 'BY_COORDINATOR', text: 'Yes' },
  { value: 'NO', text: 'No' },
];

/** The pages about one person's invitation. */
@Injectable()
export class InvitationPages {
  constructor(
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
    @Inject(SubstitutesService) private readonly substitutes: SubstitutesService,
  ) {}

  /** What somebody said on the telephone. Throws NotFound for an invitation of another meeting. */
  async answer(by: Actor, meetingId: string, invitationId: string): Promise<FormPage> {
    const shown = await this.shown(by, meetingId, invitationId);
    return {
      view: 'meetings/views/phoned-answer.njk',
      locals: { ...shown, kinds: PHONED_ITEMS, reasons: REASON_ITEMS },
    };
  }

  /** That somebody is no longer needed, in the words they would read. Throws NotFound. */
  async withdrawal(by: Actor, meetingId: string, invitationId: string): Promise<FormPage> {
    const shown = await this.shown(by, meetingId, invitationId);
    const { meeting, matter, invitee } = shown;
    const { subject, words } = lettersOf({
      ...{ kind: 'WITHDRAWN', recipientName: invitee.name, reference: matter.ref, meeting, replyBy: null, link: null },
      ...{ authority: { name: '', phone: '' }, now: meeting.startsAt },
    });
    return { view: 'meetings/views/withdrawal.njk', locals: { ...shown, subject, paragraphs: words.paragraphs } };
  }

  /** Whether somebody is needed. Throws NotFound. */
  async need(by: Actor, meetingId: string, invitationId: string, given?: FormState): Promise<FormPage> {
    const shown = await this.shown(by, meetingId, invitationId);
    const form = given ?? emptyForm({ required: shown.invitee.required });
    return { view: 'meetings/views/need.njk', locals: { ...shown, needs: NEEDS, form } };
  }

  /** Who comes instead, as the agency said on the telephone. Throws NotFound. */
  async substitute(by: Actor, meetingId: string, invitationId: string): Promise<FormPage> {
    const shown = await this.shown(by, meetingId, invitationId);
    return {
      view: 'meetings/views/phoned-substitute.njk',
      locals: { ...shown, ...(await this.chosenFrom(by, invitationId)) },
    };
  }

  private async shown(
    by: Actor,
    meetingId: string,
    invitationId: string,
  ): Promise<Pick<MeetingView, 'meeting' | 'matter' | 'isAhead'> & { invitee: Invitee }> {
    const { meeting, matter, isAhead, invitees } = await this.meetings.show(by, meetingId);
    const invitee = invitees.find(({ id }) => id === invitationId);
    if (invitee === undefined) throw new NotFound();
    return { meeting, matter, isAhead, invitee };
  }

  /** Colleagues of the directory, or the sentence that says why nobody can be named. */
  private async chosenFrom(by: Actor, invitationId: string): Promise<object> {
    try {
      const { agency, colleagues } = await this.substitutes.colleagues(by, invitationId);
      return { agency, items: colleagues.map((one) => ({ value: one.contactId, text: colleagueWords(one) })) };
    } catch (error) {
      if (error instanceof RuleBroken) return { refused: error.message };
      throw error;
    }
  }
}
