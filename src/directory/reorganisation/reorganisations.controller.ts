import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { emptyForm, failedForm, type FormBody, type FormState, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { contactVersionForm } from '../contact.form.js';
import { choicesOf, planOf, reorganisationForm } from './reorganisation.form.js';
import { type ReorganisationPreview, ReorganisationsService } from './reorganisations.service.js';
import { KIND_LABELS, REORGANISATION_KINDS, type ReorganisationKind } from './steps.js';

interface Planning {
  readonly by: Actor;
  readonly agencyId: string;
  readonly kind: ReorganisationKind;
  readonly body: FormBody;
  readonly preview?: ReorganisationPreview;
}

const VIEW = 'directory/reorganisation/views/plan.njk';

/** Restructures of an agency: planned, looked at, decided and taken back, on one screen. */
@Controller('directory')
@Policy('administer')
export class ReorganisationsController {
  constructor(@Inject(ReorganisationsService) private readonly reorganisations: ReorganisationsService) {}

  @Get('agencies/:id/reorganisations')
  async list(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { agency } = await this.reorganisations.parts(by, id);
    const decided = await this.reorganisations.list(by, id);
    res.render('directory/reorganisation/views/list.njk', { agency, decided, kinds: KIND_LABELS });
  }

  @Get('agencies/:id/reorganisations/new')
  async ask(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Query() query: Record<string, string>,
    @Res() res: Response,
  ): Promise<void> {
    const body = { teamIds: query.team ?? '', effectiveOn: '' };
    res.render(VIEW, await this.page({ by, agencyId: id, kind: kindOf(query.kind), body }, emptyForm()));
  }

  /** Shows what it would do; nothing changes. */
  @Post('agencies/:id/reorganisations/preview')
  async look(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    const planning = { by, agencyId: id, kind: kindOf(body.kind), body };
    await this.reorganisations.parts(by, id);
    try {
      const plan = planOf(parseForm(reorganisationForm, body), body);
      const preview = await this.reorganisations.preview(by, id, plan);
      res.status(200).render(VIEW, await this.page({ ...planning, preview }, { ...failedForm(body, []), errors: [] }));
    } catch (error) {
      res.status(422).render(VIEW, await this.page(planning, failedForm(body, error)));
    }
  }

  @Post('agencies/:id/reorganisations')
  async decide(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.reorganisations.parts(by, id);
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(reorganisationForm, body);
        const { effectiveOn, confirmed, digest } = form;
        const decided = await this.reorganisations.decide(by, id, planOf(form, body), {
          effectiveOn,
          confirmed,
          digest,
        });
        flash(req, decided.status === 'APPLIED' ? `${decided.words}: done` : `${decided.words}: planned`);
        return paths.reorganisation(decided.id);
      },
      again: async (form) => {
        const planning = { by, agencyId: id, kind: kindOf(body.kind), body };
        return { view: VIEW, locals: await this.page({ ...planning, ...(await this.seen(planning)) }, form) };
      },
    });
  }

  @Get('reorganisations/:id')
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const shown = await this.reorganisations.show(by, id);
    res.render('directory/reorganisation/views/reorganisation.njk', { ...shown, kinds: KIND_LABELS });
  }

  @Post('reorganisations/:id/reversal')
  async reverse(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { reorganisation, agency } = await this.reorganisations.show(by, id);
    await submitForm(res, body, {
      change: async () => {
        await this.reorganisations.reverse(by, id, parseForm(contactVersionForm, body).version);
        flash(req, 'Taken back: nothing changes');
        return paths.reorganisation(id);
      },
      again: () => ({
        view: 'directory/reorganisation/views/reorganisation.njk',
        locals: { reorganisation, agency, kinds: KIND_LABELS },
      }),
    });
  }

  /** The preview once more, where a decision was refused for something else. */
  private async seen({ by, agencyId, body }: Planning): Promise<{ preview?: ReorganisationPreview }> {
    try {
      return {
        preview: await this.reorganisations.preview(by, agencyId, planOf(parseForm(reorganisationForm, body), body)),
      };
    } catch {
      return {};
    }
  }

  private async page({ by, agencyId, kind, body, preview }: Planning, form: FormState): Promise<object> {
    const known = await this.reorganisations.parts(by, agencyId);
    const teamIds = [body.teamIds ?? []]
      .flat()
      .map(String)
      .filter((id) => id !== '');
    const names = (typeof body.names === 'string' ? body.names : '')
      .split('\n')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const values = { ...form.values, teamIds: form.values.teamIds ?? teamIds };
    const choices = choicesOf(known, kind, { teamIds, names });
    return { agency: known.agency, kind, title: KIND_LABELS[kind], choices, preview, form: { ...form, values } };
  }
}

function kindOf(typed: unknown): ReorganisationKind {
  return REORGANISATION_KINDS.find((kind) => kind === typed) ?? 'MERGE';
}
