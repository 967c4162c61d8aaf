import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { PURPOSE_LABELS } from '../mail/messages/message-words.js';
import { MailHolds } from '../mail/messages/mail-holds.service.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../web/forms.js';
import { paths } from '../web/paths.js';
import { isoClock, isoDay } from '../web/when.js';
import { releaseForm } from './mail-hold.form.js';

const REASONS = {
  OLDER_COPY: 'The database is an older copy than the one that mail was last sent from: it was restored.',
  OTHER_COPY: 'The database is another copy than the one that mail was last sent from.',
  NO_FILE: 'The file that says from which copy of the database mail was last sent is missing.',
};

/** The page on which held mail is released. */
@Controller('mail-hold')
@Policy('administer')
export class MailHoldController {
  constructor(@Inject(MailHolds) private readonly holds: MailHolds) {}

  @Get()
  async show(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.page(by);
    res.render(view, locals);
  }

  @Post()
  async release(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const dropped = await this.holds.release(by, parseForm(releaseForm, body));
        flash(req, releasedWords(dropped));
        return paths.worklist();
      },
      again: (form) => this.page(by, form),
    });
  }

  private async page(by: Actor, form?: FormState): Promise<FormPage> {
    const { hold, waiting } = await this.holds.show(by);
    const locals = {
      hold,
      why: hold === undefined ? undefined : REASONS[hold.reason],
      waiting: waiting.map((one) => ({ ...one, label: PURPOSE_LABELS[one.purpose] })),
      form: form ?? emptyForm({ date: isoDay(hold?.held_at), time: isoClock(hold?.held_at) }),
    };
    return { view: 'worklist/views/mail-hold.njk', locals };
  }
}

function releasedWords(dropped: number): string {
  if (dropped === 0) return 'Mail is released';
  const older = dropped === 1 ? 'One older message' : `${dropped} older messages`;
  return `Mail is released. ${older} will not be sent`;
}
