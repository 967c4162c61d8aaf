import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type FoundLink } from '../access/found-link.js';
import { LinkDoor } from '../access/link-door.service.js';
import { LinksService } from '../access/links.service.js';
import { Policy } from '../access/signed-in.guard.js';
import { NeedsVisit, Visiting } from '../access/visitor.guard.js';
import { type Visitor } from '../access/visitor.js';
import { NotFound } from '../errors.js';
import { emptyForm, failedForm, type FormBody, type FormPage } from '../web/forms.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { AnswerPage } from './answer-page.service.js';
import { formAgain, inputsOf, readAnswer } from './answer.form.js';
import { AnswersService } from './answers.service.js';

/** The link somebody has opened, with where its forms are sent. */
interface Opened {
  readonly found: FoundLink;
  readonly action: string;
  readonly onward: string;
}

/**
 * Answering an invitation: from the page of its link, and, once answered, from a page whose address holds no secret.
 */
@Controller()
@Policy('link')
export class AnswersController {
  constructor(
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(AnswerPage) private readonly page: AnswerPage,
  ) {}

  @Post('i/:secret/answer')
  async answer(
    @Param('secret') secret: string,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    const found = await this.door.find(res, secret);
    const state = found?.link.purpose === 'RESPOND' ? await this.answers.present(found) : undefined;
    if (found === undefined || state === undefined) this.door.gone(res);
    else await this.take({ found, action: paths.answer(secret), onward: paths.link(secret) }, req, res, body);
  }

  @Get('my/answer')
  @NeedsVisit()
  async show(@Visiting() visitor: Visitor, @Req() req: Request, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.shown(await this.ofVisit(visitor), req, res);
    res.render(view, { ...locals, form: emptyForm(), thanks: true });
  }

  @Post('my/answer')
  @NeedsVisit()
  async change(
    @Visiting() visitor: Visitor,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    await this.take(await this.ofVisit(visitor), req, res, body);
  }

  private async ofVisit(visitor: Visitor): Promise<Opened> {
    const found = await this.links.load(visitor.authorityId, visitor.linkId);
    return { found, action: paths.ownAnswer(), onward: '' };
  }

  private async take(opened: Opened, req: Request, res: Response, body: FormBody): Promise<void> {
    try {
      redirect(res, await this.keep(opened, req, res, body));
    } catch (error) {
      const form = formAgain(failedForm(body, error, inputsOf(body)));
      const { view, locals } = await this.shown(opened, req, res);
      res.status(422).render(view, { ...locals, form });
    }
  }

  private async keep({ found }: Opened, req: Request, res: Response, body: FormBody): Promise<string> {
    const { given, revision } = readAnswer(body);
    const form = { about: found.link.id, revision, again: 'Check your answer and send it again' };
    const nonce = this.door.mustBeRead(req, body.nonce, form);
    await this.door.mustNotRush(req, found.link.id);
    if (given === 'SUBSTITUTE') {
      const state = await this.answers.present(found);
      await this.door.visit(res, found);
      return state === undefined ? paths.own() : paths.ownSubstitute(state.invitation.id);
    }
    await this.answers.byLink(found, { ...given, revision, nonce });
    if (given.kind === 'NOT_ME' || given.kind === 'MOVED_ON') return paths.noted();
    await this.door.visit(res, found);
    return paths.ownAnswer();
  }

  /** The page as it is now, with a nonce of its own. */
  private async shown({ found, action, onward }: Opened, req: Request, res: Response): Promise<FormPage> {
    const page = await this.page.show(found, (revision) => this.door.nonce(req, res, found.link.id, revision));
    if (page === undefined) throw new NotFound();
    return { view: page.view, locals: { action, onward, ...page.locals } };
  }
}
