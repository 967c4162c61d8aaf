import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { exclusionForm, liftForm } from './exclusion.form.js';
import { EXCLUSION_REASONS, REASON_LABELS } from './exclusion.js';
import { ExclusionsService } from './exclusions.service.js';
import { MattersService } from './matters.service.js';

const KIND_LABELS = {
  PERSON: 'Person',
  POST: 'Post, and whoever holds it',
  INBOX: 'Shared mailbox',
  AGENCY: 'Whole agency',
};

/** Pages about who must not be told of a matter. */
@Controller('matters/:id/exclusions')
@Policy('coordinate')
export class ExclusionsController {
  constructor(
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
  ) {}

  @Get()
  async show(
    @SignedIn() by: Actor,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Query('q') q?: unknown,
  ): Promise<void> {
    const { view, locals } = await this.page(by, id, emptyForm(), q);
    res.render(view, locals);
  }

  @Post()
  async exclude(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.exclusions.exclude(by, id, parseForm(exclusionForm, body));
        flash(req, 'They will not be told. Anything still open for them has been withdrawn');
        return paths.exclusions(id);
      },
      again: (form) => this.page(by, id, form, body.q),
    });
  }

  @Get(':exclusionId')
  async showOne(
    @SignedIn() by: Actor,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Param('exclusionId', IdPipe) exclusionId: string,
  ): Promise<void> {
    const { view, locals } = await this.onePage(by, id, exclusionId, emptyForm());
    res.render(view, locals);
  }

  @Post(':exclusionId')
  async lift(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param() { id, exclusionId }: { id: string; exclusionId: string },
    @Body() body: FormBody,
  ): Promise<void> {
    const [matterId, lifted] = [id, exclusionId].map((one) => new IdPipe().transform(one)) as [string, string];
    await submitForm(res, body, {
      change: async () => {
        const { version, reason } = parseForm(liftForm, body);
        await this.exclusions.lift(by, matterId, lifted, reason ?? '', version);
        flash(req, 'They may be told from now on. Nobody has been invited by this');
        return paths.exclusions(matterId);
      },
      again: (form) => this.onePage(by, matterId, lifted, form),
    });
  }

  private async page(by: Actor, id: string, form: FormState, q: unknown): Promise<FormPage> {
    const words = typeof q === 'string' ? q.trim().slice(0, 120) : '';
    const locals = {
      form: { ...form, values: { ...form.values, q: words } },
      q: words,
      matter: await this.matters.find(by, id),
      exclusions: await this.exclusions.list(by, id),
      found: words === '' ? null : await this.exclusions.search(by, words),
      reasons: EXCLUSION_REASONS,
      reasonLabels: REASON_LABELS,
      kindLabels: KIND_LABELS,
    };
    return { view: 'matters/views/exclusions.njk', locals };
  }

  private async onePage(by: Actor, id: string, exclusionId: string, form: FormState): Promise<FormPage> {
    const matter = await this.matters.find(by, id);
    const exclusion = await this.exclusions.one(by, id, exclusionId);
    const locals = { form, matter, exclusion, reasonLabels: REASON_LABELS, kindLabels: KIND_LABELS };
    return { view: 'matters/views/exclusion.njk', locals };
  }
}
