import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { Clock } from '../database/clock.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { AnswersService } from './answers.service.js';
import { InvitationPages } from './invitation-pages.service.js';
import { PHONED_INPUTS, readPhoned } from './phoned-answer.form.js';
import { readSubstitute } from './substitute.form.js';
import { SubstitutesService } from './substitutes.service.js';

const ZONE = 'Europe/London';

/** What an invitee said on the telephone, written down by the coordinator who took the call. */
@Controller('meetings/:id/invitations/:invitationId')
@Policy('coordinate')
export class PhonedAnswersController {
  constructor(
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(SubstitutesService) private readonly substitutes: SubstitutesService,
    @Inject(InvitationPages) private readonly pages: InvitationPages,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('answer')
  async ask(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Res() res: Response,
  ): Promise<void> {
    const { view, locals } = await this.pages.answer(by, id, invitationId);
    res.render(view, { ...locals, form: emptyForm() });
  }

  @Post('answer')
  async record(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    const page = await this.pages.answer(by, id, invitationId);
    await submitForm(res, body, {
      inputs: PHONED_INPUTS,
      change: async () => {
        await this.answers.recordByPhone(by, invitationId, readPhoned(body, this.clock.now(), ZONE));
        flash(res.req, 'The answer is recorded, and a confirmation is on its way to the invitee');
        return paths.meeting(id);
      },
      again: () => page,
    });
  }

  @Get('substitute')
  async choose(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Res() res: Response,
  ): Promise<void> {
    const { view, locals } = await this.pages.substitute(by, id, invitationId);
    res.render(view, { ...locals, form: emptyForm() });
  }

  @Post('substitute')
  async name(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    const page = await this.pages.substitute(by, id, invitationId);
    await submitForm(res, body, {
      inputs: { invitees: 'contactId', contact: 'contactId', substitute: 'contactId' },
      change: async () => {
        const { outcome } = await this.substitutes.name(by, invitationId, readSubstitute(body));
        flash(res.req, NAMED[outcome]);
        return outcome === 'INVITED' ? paths.meeting(id) : paths.invitations(id);
      },
      again: () => page,
    });
  }
}

const NAMED = {
  INVITED: 'The substitute has an invitation of their own',
  ASKED: 'Nobody is invited yet: that address is not one of the agency’s own. Check it, then invite them here',
};
