import { Controller, Get, Inject, type OnModuleInit, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { LinkDoor } from '../../access/link-door.service.js';
import { LinkPages } from '../../access/link-pages.js';
import { Policy } from '../../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../../access/visitor.guard.js';
import { type Visitor } from '../../access/visitor.js';
import { type FormBody, type FormPage, parseForm, submitForm } from '../../web/forms.js';
import { paths } from '../../web/paths.js';
import { shown } from '../field.form.js';
import { ownDetailsForm, ownValues } from './own-details.form.js';
import { OwnDetailsService } from './own-details.service.js';

/** One's own particulars, behind the code: name and numbers at once, another address once a coordinator has confirmed it. */
@Controller('my/details')
@Policy('link')
@NeedsCode()
export class OwnDetailsController implements OnModuleInit {
  constructor(
    @Inject(OwnDetailsService) private readonly details: OwnDetailsService,
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinkPages) private readonly pages: LinkPages,
  ) {}

  onModuleInit(): void {
    this.pages.addSection({
      heading: 'Your details',
      none: '',
      items: async ({ actor }) => {
        const { contact } = await this.details.show(actor);
        const lines = [contact.email, contact.phone ?? contact.mobile ?? 'No telephone number is known'];
        return [{ href: paths.ownDetails(), title: 'See and correct your contact details', lines }];
      },
    });
  }

  @Get()
  async ask(@Visiting() visitor: Visitor, @Req() req: Request, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.page(visitor, req, res);
    const { contact, newEmail } = await this.details.show(visitor.actor);
    res.render(view, { ...locals, form: shown(ownValues(contact, newEmail)), saved: req.query.saved === 'yes' });
  }

  @Post()
  async correct(@Visiting() visitor: Visitor, @Req() req: Request, @Res() res: Response): Promise<void> {
    const body = (req.body ?? {}) as FormBody;
    await submitForm(res, body, {
      change: async () => {
        const { version, ...given } = parseForm(ownDetailsForm, body);
        this.door.mustBeRead(req, body.nonce, { about: visitor.visitId, again: 'Check it and press Save again' });
        await this.details.correct(visitor.actor, given, version);
        return `${paths.ownDetails()}?saved=yes`;
      },
      again: () => this.page(visitor, req, res),
    });
  }

  private async page(visitor: Visitor, req: Request, res: Response): Promise<FormPage> {
    const nonce = this.door.nonce(req, res, visitor.visitId);
    const details = await this.details.show(visitor.actor);
    return { view: 'directory/verification/views/own-details.njk', locals: { ...details, nonce } };
  }
}
