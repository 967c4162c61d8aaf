import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { LinkDoor } from '../access/link-door.service.js';
import { Policy } from '../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../access/visitor.guard.js';
import { type Visitor } from '../access/visitor.js';
import { emptyForm, type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { withQuery, paths } from '../web/paths.js';
import { ACTION_LABELS } from './action.js';
import { type OwnChoice, ownChoices, ownForm } from './action.form.js';
import { OwnActionsService } from './own-actions.service.js';

/** An owner's own actions, for people without an account: behind the emailed code, since they say what is to be done. */
@Controller('my/actions')
@Policy('link')
@NeedsCode()
export class OwnActionsController {
  constructor(
    @Inject(OwnActionsService) private readonly actions: OwnActionsService,
    @Inject(LinkDoor) private readonly door: LinkDoor,
  ) {}

  @Get()
  async list(@Visiting() visitor: Visitor, @Res() res: Response): Promise<void> {
    const actions = await this.actions.mine(visitor.actor);
    res.render('actions/views/own-actions.njk', { visitor, actions });
  }

  @Get(':id')
  async show(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    if ((await this.actions.offer(visitor.actor, id)) !== undefined) {
      redirect(res, paths.ownOffer(id));
      return;
    }
    const page = await this.page({ visitor, id, req, res }, emptyForm());
    res.render(page.view, { ...page.locals, told: req.query.told === 'yes' });
  }

  @Post(':id')
  async tell(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const body = (req.body ?? {}) as FormBody;
    await submitForm(res, body, {
      inputs: { reason: 'words', note: 'words' },
      change: async () => {
        const { choice, words, version } = parseForm(ownForm, body);
        this.door.mustBeRead(req, body.nonce, { about: visitor.visitId, again: 'Check it and press Send again' });
        await this.tellService(visitor, id, { choice, words: words ?? null, version });
        return withQuery(paths.ownAction(id), { told: 'yes' });
      },
      again: (form) => this.page({ visitor, id, req, res }, form),
    });
  }

  private async tellService(
    { actor }: Visitor,
    id: string,
    told: { choice: OwnChoice; words: string | null; version: number },
  ): Promise<void> {
    const { choice, words, version } = told;
    const how: Record<OwnChoice, () => Promise<unknown>> = {
      accept: () => this.actions.accept(actor, id, version),
      progress: () => this.actions.start(actor, id, version),
      done: () => this.actions.complete(actor, id, words, version),
      query: () => this.actions.query(actor, id, words, version),
      notPossible: () => this.actions.notPossible(actor, id, words, version),
      notDone: () => this.actions.notDone(actor, id, words, version),
    };
    await how[choice]();
  }

  private async page(
    at: { visitor: Visitor; id: string; req: Request; res: Response },
    form: FormState,
  ): Promise<FormPage> {
    const action = await this.actions.one(at.visitor.actor, at.id);
    const nonce = this.door.nonce(at.req, at.res, at.visitor.visitId);
    const locals = {
      visitor: at.visitor,
      action,
      form,
      nonce,
      choices: ownChoices(action.status),
      labels: ACTION_LABELS,
    };
    return { view: 'actions/views/own-action.njk', locals };
  }
}
