import { Body, Controller, Get, Inject, Param, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { redirect } from '../../web/page.js';
import { paths } from '../../web/paths.js';
import { shown } from '../field.form.js';
import { addressChangeForm, upkeepForm } from './own-details.form.js';
import { type Upkeep, UpkeepService } from './upkeep.service.js';

/** The page that says what of the directory needs a person: who is overdue, and which new addresses to confirm. */
@Controller('directory')
@Policy('administer')
export class UpkeepController {
  constructor(@Inject(UpkeepService) private readonly upkeep: UpkeepService) {}

  @Get('upkeep')
  @Policy('staff')
  @Render('directory/verification/views/upkeep.njk')
  async show(@SignedIn() by: Actor): Promise<Upkeep & { form: FormState }> {
    const upkeep = await this.upkeep.show(by);
    return { ...upkeep, form: shown({ days: upkeep.days }) };
  }

  @Post('upkeep')
  async askAfter(
    @SignedIn() by: Actor,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.upkeep.askAfter(by, parseForm(upkeepForm, body).days);
        flash(req, 'Saved');
        return paths.upkeep();
      },
      again: () => this.page(by),
    });
  }

  @Post('address-changes/:id/confirmation')
  async confirm(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.upkeep.confirm(by, id, parseForm(addressChangeForm, body));
        flash(req, 'Mail goes to the new address from now on');
        return paths.upkeep();
      },
      again: async () => {
        const { view, locals } = await this.page(by);
        return { view, locals: { ...locals, refused: id } };
      },
    });
  }

  @Post('address-changes/:id/refusal')
  async refuse(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.upkeep.refuse(by, id, parseForm(addressChangeForm, body).version);
    flash(req, 'The old address stays');
    redirect(res, paths.upkeep());
  }

  private async page(by: Actor): Promise<FormPage> {
    return { view: 'directory/verification/views/upkeep.njk', locals: await this.upkeep.show(by) };
  }
}
