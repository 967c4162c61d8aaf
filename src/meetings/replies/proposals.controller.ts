import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { isoClock, isoDay } from '../../web/when.js';
import { moveValues } from '../meeting.form.js';
import { MeetingChangePages } from '../meeting-change-pages.service.js';
import { MeetingsService } from '../meetings.service.js';
import { ProposalsService } from './proposals.service.js';
import { readReason } from './reply.form.js';

/** What becomes of a suggested time: the meeting moves there, by the page that moves meetings, or it stays. */
@Controller('meetings/:id/proposals/:proposalId')
@Policy('coordinate')
export class ProposalsController {
  constructor(
    @Inject(ProposalsService) private readonly proposals: ProposalsService,
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
    @Inject(MeetingChangePages) private readonly pages: MeetingChangePages,
  ) {}

  /** The page that changes the meeting, with the suggested time in its form; nothing is changed by looking. */
  @Get('move')
  async showMove(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('proposalId', IdPipe) proposalId: string,
    @Res() res: Response,
  ): Promise<void> {
    const proposal = await this.proposals.show(by, id, proposalId);
    const { starts_at: from, ends_at: to } = proposal;
    const { meeting } = await this.meetings.show(by, id);
    const slot: FormState['values'] =
      from === null ? {} : { date: isoDay(from), from: isoClock(from), to: isoClock(to) };
    const form = emptyForm({ ...moveValues(meeting), ...slot });
    const { view, locals } = await this.pages.edit(by, id, { form });
    res.render(view, { ...locals, proposal });
  }

  @Get('refusal')
  async showRefusal(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('proposalId', IdPipe) proposalId: string,
    @Res() res: Response,
  ): Promise<void> {
    const { view, locals } = await this.refusal(by, id, { proposalId, form: emptyForm() });
    res.render(view, locals);
  }

  @Post('refusal')
  async refuse(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('proposalId', IdPipe) proposalId: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    await this.proposals.show(by, id, proposalId);
    await submitForm(res, body, {
      inputs: { reason: 'why' },
      change: async () => {
        await this.proposals.refuse(by, proposalId, readReason(body));
        flash(res.req, 'The meeting stays as it is, and they are told');
        return paths.meeting(id);
      },
      again: (form) => this.refusal(by, id, { proposalId, form }),
    });
  }

  private async refusal(by: Actor, id: string, given: { proposalId: string; form: FormState }): Promise<FormPage> {
    const proposal = await this.proposals.show(by, id, given.proposalId);
    const { meeting, matter } = await this.meetings.show(by, id);
    const locals = { meeting, matter, proposal, form: given.form };
    return { view: 'meetings/replies/views/refusal.njk', locals };
  }
}
