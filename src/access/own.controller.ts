import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { emptyForm, failedForm, type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { redirect } from '../web/page.js';
import { paths, withQuery } from '../web/paths.js';
import { LinkDoor } from './link-door.service.js';
import { LinkPages } from './link-pages.js';
import { Policy } from './signed-in.guard.js';
import { NeedsCode, NeedsVisit, Visiting } from './visitor.guard.js';
import { type Visitor } from './visitor.js';
import { VisitsService } from './visits.service.js';

const ASK = 'Enter the code from the email';
const typed = z.object({ code: z.string({ error: ASK }).min(1, ASK) });

/** The pages of somebody without an account: what is theirs, and the code that opens it. */
@Controller('my')
@Policy('link')
export class OwnController {
  constructor(
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinkPages) private readonly pages: LinkPages,
    @Inject(VisitsService) private readonly visits: VisitsService,
  ) {}

  @Get()
  @NeedsCode()
  async show(@Visiting() visitor: Visitor, @Res() res: Response): Promise<void> {
    const sections = [];
    for (const section of this.pages.sections()) {
      sections.push({ heading: section.heading, none: section.none, items: await section.items(visitor) });
    }
    res.render('access/views/own.njk', { visitor, sections });
  }

  @Get('code')
  @NeedsVisit()
  showCode(
    @Visiting() visitor: Visitor,
    @Req() req: Request,
    @Res() res: Response,
    @Query() query: Record<string, string>,
  ): void {
    const next = ownPath(query.next);
    if (visitor.proved) redirect(res, next);
    else this.codePage(req, res, { visitor, next, form: emptyForm(), sent: query.sent !== undefined });
  }

  /** Sends the code; a program that presses every button at once is asked to press it again. */
  @Post('code/new')
  @NeedsVisit()
  async sendCode(
    @Visiting() visitor: Visitor,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    const next = ownPath(body.next);
    try {
      this.door.mustBeRead(req, body.nonce, { about: visitor.visitId, again: 'Press the button again' });
      await this.visits.askCode(visitor);
    } catch (error) {
      const form = failedForm(body, error);
      res.status(422);
      this.codePage(req, res, { visitor, next, form, sent: body.again !== undefined });
      return;
    }
    redirect(res, withQuery(paths.ownCode(), { sent: 'yes', next }));
  }

  @Post('code')
  @NeedsVisit()
  async proveCode(
    @Visiting() visitor: Visitor,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    const next = ownPath(body.next);
    await submitForm(res, body, {
      change: async () => {
        await this.visits.proveCode(visitor, parseForm(typed, body).code);
        return next;
      },
      again: () => ({
        view: 'access/views/code.njk',
        locals: { next, sent: true, nonce: this.door.nonce(req, res, visitor.visitId) },
      }),
    });
  }

  @Post('leave')
  @NeedsVisit()
  async leave(@Visiting() visitor: Visitor, @Res() res: Response): Promise<void> {
    await this.visits.end(visitor);
    this.door.forget(res);
    redirect(res, paths.left());
  }

  @Get('left')
  left(@Res() res: Response): void {
    res.render('access/views/left.njk');
  }

  private codePage(
    req: Request,
    res: Response,
    page: { visitor: Visitor; next: string; form: FormState; sent: boolean },
  ): void {
    const { visitor, next, form, sent } = page;
    res.render('access/views/code.njk', { next, form, sent, nonce: this.door.nonce(req, res, visitor.visitId) });
  }
}

/** Where to go after the code: one of the person's own pages, never elsewhere. */
function ownPath(path: unknown): string {
  return typeof path === 'string' && /^\/my(\/[a-z0-9/-]*)?$/.test(path) ? path : paths.own();
}
