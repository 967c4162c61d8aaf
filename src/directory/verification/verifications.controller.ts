import { Controller, Inject, type OnModuleInit, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type FoundLink } from '../../access/found-link.js';
import { LinkDoor } from '../../access/link-door.service.js';
import { LinkPages, type ShownPage } from '../../access/link-pages.js';
import { Policy } from '../../access/signed-in.guard.js';
import { emptyForm, type FormBody, parseForm, submitForm } from '../../web/forms.js';
import { paths } from '../../web/paths.js';
import { verificationForm } from './own-details.form.js';
import { OwnDetailsService } from './own-details.service.js';

/**
 * The page of a verification link: one's own name, posts and number at work, and the buttons. Opening it changes nothing;
 * what is more than that stands behind the code.
 */
@Controller('i/:secret/verification')
@Policy('link')
export class VerificationsController implements OnModuleInit {
  constructor(
    @Inject(OwnDetailsService) private readonly details: OwnDetailsService,
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinkPages) private readonly pages: LinkPages,
  ) {}

  onModuleInit(): void {
    this.pages.register('VERIFY', {
      show: (found, nonceFor) => this.page(found, nonceFor),
      next: () => paths.ownDetails(),
      openFor: () => Promise.resolve([]),
    });
  }

  @Post()
  async say(@Param('secret') secret: string, @Req() req: Request, @Res() res: Response): Promise<void> {
    const found = await this.door.find(res, secret);
    if (found?.link.purpose !== 'VERIFY') {
      this.door.gone(res);
      return;
    }
    const body = (req.body ?? {}) as FormBody;
    const nonceFor = (revision: number): string => this.door.nonce(req, res, found.link.id, revision);
    await submitForm(res, body, {
      change: () => this.take(found, req, res, { body, secret }),
      again: async () => {
        const { view, locals } = await this.page(found, nonceFor);
        return { view, locals: { ...locals, action: paths.answer(secret), onward: paths.link(secret) } };
      },
    });
  }

  private async take(
    found: FoundLink,
    req: Request,
    res: Response,
    { body, secret }: { body: FormBody; secret: string },
  ): Promise<string> {
    const { answer } = parseForm(verificationForm, body);
    this.door.mustBeRead(req, body.nonce, { about: found.link.id, again: 'Press the button again' });
    await this.door.mustNotRush(req, found.link.id);
    if (answer === 'CORRECT') {
      await this.door.visit(res, found);
      return paths.ownDetails();
    }
    await this.details.say(found.actor, answer);
    return answer === 'RIGHT' ? paths.link(secret) : paths.noted();
  }

  private async page(found: FoundLink, nonceFor: (revision: number) => string): Promise<ShownPage> {
    const { contact, posts, newEmail } = await this.details.show(found.actor);
    const verification = await this.details.verification(found.actor, found.link.targetId);
    const locals = { contact, posts, newEmail, verification, nonce: nonceFor(0), form: emptyForm() };
    return { view: 'directory/verification/views/verification.njk', locals };
  }
}
