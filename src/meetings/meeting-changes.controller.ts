import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, failedForm, type FormBody, FormInvalid, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { ChangesService } from './changes.service.js';
import { cancellationForm, chairForm, confirmationForm, readMove } from './meeting.form.js';
import { MeetingChangePages } from './meeting-change-pages.service.js';
import { SeriesService } from './series/series.service.js';

/** Moving a meeting, giving it another chair, cancelling it. */
@Controller('meetings/:id')
@Policy('coordinate')
export class MeetingChangesController {
  constructor(
    @Inject(ChangesService) private readonly changes: ChangesService,
    @Inject(MeetingChangePages) private readonly pages: MeetingChangePages,
    @Inject(SeriesService) private readonly series: SeriesService,
  ) {}

  @Get('edit')
  async showEdit(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.pages.edit(by, id);
    res.render(view, locals);
  }

  /** First shows who would hear of it and what to think of twice; then, with the other button, does it. */
  @Post('edit')
  @HttpCode(200)
  async move(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    if (body.do !== 'send') return this.preview(by, id, body, res);
    await submitForm(res, body, {
      change: async () => {
        await this.changes.reschedule(by, id, readMove(body));
        flash(req, 'The meeting has been changed and everybody concerned is told');
        return paths.meeting(id);
      },
      again: async (form) => {
        const isWarned = form.errors.some(({ code }) => code === 'NEEDS_CONFIRMATION');
        const preview = isWarned ? await this.changes.preview(by, id, readMove(body)) : undefined;
        return this.pages.edit(by, id, { form, preview });
      },
    });
  }

  @Post('chair')
  async appoint(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { version, chair = null, minuteTaker = null } = parseForm(chairForm, body);
        await this.changes.appoint(by, id, { chairContactId: chair, minuteTakerContactId: minuteTaker, version });
        flash(req, 'Chair and minute taker saved');
        return paths.meeting(id);
      },
      again: (chairForm) => this.pages.edit(by, id, { chairForm }),
    });
  }

  @Get('confirmation')
  async showConfirmation(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.pages.confirmation(by, id);
    res.render(view, locals);
  }

  /** The held time is certain from now on. */
  @Post('confirmation')
  @HttpCode(200)
  async confirm(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.changes.confirm(by, id, parseForm(confirmationForm, body));
        flash(req, 'The time is certain and everybody is told');
        return paths.meeting(id);
      },
      again: (form) => this.pages.confirmation(by, id, form),
    });
  }

  @Get('cancellation')
  async showCancellation(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.pages.cancellation(by, id, emptyForm());
    res.render(view, locals);
  }

  @Post('cancellation')
  async cancel(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { version, reason = null, which } = parseForm(cancellationForm, body);
        if (which === undefined && (await this.series.laterThan(by, id)) > 0) {
          throw new FormInvalid([{ field: 'which', message: 'Select which meetings are cancelled' }]);
        }
        if (which === 'LATER') await this.series.cancelFrom(by, id, reason, version);
        else await this.changes.cancel(by, id, reason, version);
        const what = which === 'LATER' ? 'The meetings are' : 'The meeting is';
        flash(req, `${what} cancelled and everybody who was asked is told`);
        return paths.meeting(id);
      },
      again: (form) => this.pages.cancellation(by, id, form),
    });
  }

  private async preview(by: Actor, id: string, body: FormBody, res: Response): Promise<void> {
    try {
      const preview = await this.changes.preview(by, id, readMove(body));
      const { view, locals } = await this.pages.edit(by, id, { form: failedForm(body, []), preview });
      res.render(view, locals);
    } catch (error) {
      const { view, locals } = await this.pages.edit(by, id, { form: failedForm(body, error) });
      res.status(422).render(view, locals);
    }
  }
}
