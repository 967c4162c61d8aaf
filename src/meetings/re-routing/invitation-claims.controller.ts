import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { type FoundLink } from '../../access/found-link.js';
import { LinkDoor } from '../../access/link-door.service.js';
import { LinksService } from '../../access/links.service.js';
import { Policy } from '../../access/signed-in.guard.js';
import { NeedsVisit, Visiting } from '../../access/visitor.guard.js';
import { type Visitor } from '../../access/visitor.js';
import { NotFound } from '../../errors.js';
import { type FormBody, type FormPage, parseForm, submitForm } from '../../web/forms.js';
import { paths } from '../../web/paths.js';
import { safeText } from '../../web/safe-text.js';
import { AnswerPage } from '../answer-page.service.js';
import { InvitationClaims } from './invitation-claims.service.js';

const claimForm = z.object({
  claimName: safeText({ label: 'full name', required: false }),
  claimEmail: safeText({ label: 'email address', required: false, max: 254 }),
  revision: z.coerce.number().int().positive().catch(0),
});

interface Opened {
  readonly found: FoundLink;
  readonly action: string;
  readonly onward: string;
}

/** Saying that one holds the post now that an invitation was sent to. */
@Controller()
@Policy('link')
export class InvitationClaimsController {
  constructor(
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(InvitationClaims) private readonly claims: InvitationClaims,
    @Inject(AnswerPage) private readonly page: AnswerPage,
  ) {}

  @Post('i/:secret/claim')
  async byLink(
    @Param('secret') secret: string,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    const found = await this.door.find(res, secret);
    if (found?.link.purpose !== 'RESPOND') this.door.gone(res);
    else await this.take({ found, action: paths.answer(secret), onward: paths.link(secret) }, req, res, body);
  }

  @Post('my/claim')
  @NeedsVisit()
  async byVisit(
    @Visiting() visitor: Visitor,
    @Req() req: Request,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    const found = await this.links.load(visitor.authorityId, visitor.linkId);
    await this.take({ found, action: paths.ownAnswer(), onward: '' }, req, res, body);
  }

  @Get('claimed')
  claimed(@Res() res: Response): void {
    res.render('meetings/re-routing/views/claimed.njk');
  }

  private async take(opened: Opened, req: Request, res: Response, body: FormBody): Promise<void> {
    const { found } = opened;
    await submitForm(res, body, {
      change: async () => {
        const { claimName: name, claimEmail: email, revision } = parseForm(claimForm, body);
        const nonce = this.door.mustBeRead(req, body.nonce, {
          about: found.link.id,
          revision,
          again: 'Check it and send it again',
        });
        await this.door.mustNotRush(req, found.link.id);
        await this.claims.claim(found, { name, email, nonce });
        return paths.claimed();
      },
      again: () => this.shown(opened, req, res),
    });
  }

  private async shown({ found, action, onward }: Opened, req: Request, res: Response): Promise<FormPage> {
    const page = await this.page.show(found, (revision) => this.door.nonce(req, res, found.link.id, revision));
    if (page === undefined) throw new NotFound();
    return { view: page.view, locals: { action, onward, ...page.locals } };
  }
}
