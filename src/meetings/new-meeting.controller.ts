import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, failedForm, type FormBody, type FormPage } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { NewMeetingPages } from './new-meeting-pages.service.js';
import { SchedulingService } from './scheduling.service.js';

/** Calling a meeting about a matter, on three pages of one form. */
@Controller('matters/:matterId/meetings')
@Policy('coordinate')
export class NewMeetingController {
  constructor(
    @Inject(NewMeetingPages) private readonly pages: NewMeetingPages,
    @Inject(SchedulingService) private readonly scheduling: SchedulingService,
  ) {}

  @Get('new')
  async begin(@SignedIn() by: Actor, @Param('matterId', IdPipe) matterId: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.pages.when(by, matterId, emptyForm({ mode: 'VIDEO' }));
    res.render(view, locals);
  }

  @Post('new')
  @HttpCode(200)
  async goOn(
    @SignedIn() by: Actor,
    @Param('matterId', IdPipe) matterId: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    try {
      if (body.do === 'send' || body.do === 'hold') {
        const hold = body.do === 'hold';
        const meeting = await this.scheduling.schedule(by, { ...(await this.pages.plan(by, matterId, body)), hold });
        flash(req, hold ? 'People are asked to keep the time free' : 'The invitations are on their way');
        redirect(res, paths.meeting(meeting.id));
        return;
      }
      const { view, locals } = await this.next(by, matterId, body);
      res.render(view, locals);
    } catch (error) {
      const { view, locals } = await this.pages.failed(by, matterId, body, error);
      res.status(422).render(view, locals);
    }
  }

  /** The page that the pressed button leads to. */
  private next(by: Actor, matterId: string, body: FormBody): Promise<FormPage> {
    const form = failedForm(body, []);
    if (body.do === 'when') return this.pages.when(by, matterId, form);
    if (body.do === 'add') return this.pages.add(by, matterId, body);
    if (body.do === 'check') return this.pages.check(by, matterId, body);
    return this.pages.people(by, matterId, form);
  }
}
