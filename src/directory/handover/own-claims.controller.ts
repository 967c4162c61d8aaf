import { Controller, Get, Inject, type OnModuleInit, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { LinkDoor } from '../../access/link-door.service.js';
import { LinkPages, type ShownPage } from '../../access/link-pages.js';
import { Policy } from '../../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../../access/visitor.guard.js';
import { type Visitor } from '../../access/visitor.js';
import { choiceField } from '../../web/fields.js';
import { emptyForm, type FormBody, type FormPage, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { safeText } from '../../web/safe-text.js';
import { ClaimsService } from './claims.service.js';

const decision = z.object({
  decision: choiceField(['right', 'wrong'], 'Select whether this is right'),
  reason: safeText({ label: 'reason', required: false, max: 500, lines: true }),
});

/** An agency's point of contact says whether somebody holds a post of theirs: behind the code, since it names people. */
@Controller('my/claims')
@Policy('link')
@NeedsCode()
export class OwnClaimsController implements OnModuleInit {
  constructor(
    @Inject(ClaimsService) private readonly claims: ClaimsService,
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinkPages) private readonly pages: LinkPages,
  ) {}

  onModuleInit(): void {
    const view = 'directory/handover/views/claim-link.njk';
    this.pages.register('CLAIM', {
      show: (): Promise<ShownPage> => Promise.resolve({ view, locals: {} }),
      next: ({ link }) => paths.ownClaim(link.targetId),
      openFor: () => Promise.resolve([]),
    });
  }

  @Get(':id')
  async show(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { view, locals } = await this.page({ visitor, id, req, res });
    res.render(view, { ...locals, form: emptyForm() });
  }

  @Post(':id')
  async decide(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const body = (req.body ?? {}) as FormBody;
    await submitForm(res, body, {
      change: async () => {
        const given = parseForm(decision, body);
        this.door.mustBeRead(req, body.nonce, { about: visitor.visitId, again: 'Check it and press Send again' });
        if (given.decision === 'right') await this.claims.confirm(visitor.actor, id);
        else await this.claims.refuse(visitor.actor, id, given.reason ?? null);
        return paths.ownClaim(id);
      },
      again: () => this.page({ visitor, id, req, res }),
    });
  }

  private async page(at: { visitor: Visitor; id: string; req: Request; res: Response }): Promise<FormPage> {
    const shown = await this.claims.show(at.visitor.actor, at.id);
    const nonce = this.door.nonce(at.req, at.res, at.visitor.visitId);
    return { view: 'directory/handover/views/own-claim.njk', locals: { ...shown, nonce } };
  }
}
