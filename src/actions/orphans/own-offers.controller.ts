import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { LinkDoor } from '../../access/link-door.service.js';
import { Policy } from '../../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../../access/visitor.guard.js';
import { type Visitor } from '../../access/visitor.js';
import { NotFound } from '../../errors.js';
import { choiceField, versionField } from '../../web/fields.js';
import { emptyForm, type FormBody, type FormPage, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { safeText } from '../../web/safe-text.js';
import { OffersService } from './offers.service.js';

const answer = z.object({
  choice: choiceField(['accept', 'query'], 'Select what you want to tell us'),
  words: safeText({ label: 'reason', required: false, max: 1_000, lines: true }),
  version: versionField(),
});

/** An action that the post one has taken up left behind: accept it, or say why it is not one's own. */
@Controller('my/offers')
@Policy('link')
@NeedsCode()
export class OwnOffersController {
  constructor(
    @Inject(OffersService) private readonly offers: OffersService,
    @Inject(LinkDoor) private readonly door: LinkDoor,
  ) {}

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
  async answer(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const body = (req.body ?? {}) as FormBody;
    await submitForm(res, body, {
      inputs: { reason: 'words', owner: 'choice' },
      change: async () => {
        const { choice, words, version } = parseForm(answer, body);
        this.door.mustBeRead(req, body.nonce, { about: visitor.visitId, again: 'Check it and press Send again' });
        if (choice === 'accept') await this.offers.accept(visitor.actor, id, version);
        else await this.offers.query(visitor.actor, id, words ?? null, version);
        return paths.ownOffer(id);
      },
      again: () => this.page({ visitor, id, req, res }),
    });
  }

  private async page(at: { visitor: Visitor; id: string; req: Request; res: Response }): Promise<FormPage> {
    const offer = await this.offers.find(at.visitor.actor, at.id);
    if (offer === undefined) throw new NotFound();
    const nonce = this.door.nonce(at.req, at.res, at.visitor.visitId);
    return { view: 'actions/orphans/views/own-offer.njk', locals: { offer, nonce } };
  }
}
