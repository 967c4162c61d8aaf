import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { parseAddress } from '../mail/address.js';
import { emptyForm, type FormBody, parseForm, submitForm } from '../web/forms.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { LinkDoor } from './link-door.service.js';
import { LinkPages } from './link-pages.js';
import { LostLinks } from './lost-links.service.js';
import { Policy } from './signed-in.guard.js';

const FORMAT = 'Enter your email address in the correct format, like name@example.com';
const lost = z.object({
  email: z
    .string({ error: 'Enter your email address' })
    .min(1, 'Enter your email address')
    .refine((typed) => typed === '' || parseAddress(typed) !== undefined, { error: FORMAT }),
});

/**
 * The pages of emailed links. Opening one, however often and by whatever program, changes nothing: it sets at most the
 * cookie that goes with the form on the page. Only a button pressed by a person does more.
 */
@Controller('i')
@Policy('link')
export class LinksController {
  constructor(
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinkPages) private readonly pages: LinkPages,
    @Inject(LostLinks) private readonly lostLinks: LostLinks,
  ) {}

  @Get('again')
  showAgain(@Res() res: Response): void {
    res.render('access/views/again.njk', { form: emptyForm() });
  }

  @Post('again')
  async again(@Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { email } = parseForm(lost, body);
        await this.lostLinks.askAgain(email, req.ip ?? '');
        return paths.linkSentAgain();
      },
      again: () => ({ view: 'access/views/again.njk', locals: {} }),
    });
  }

  @Get('sent')
  sent(@Res() res: Response): void {
    res.render('access/views/sent-again.njk');
  }

  /** After an answer that stops the link it came by. */
  @Get('noted')
  noted(@Res() res: Response): void {
    res.render('access/views/noted.njk');
  }

  @Get(':secret')
  async show(@Param('secret') secret: string, @Req() req: Request, @Res() res: Response): Promise<void> {
    const found = await this.door.find(res, secret);
    const nonce = (revision: number): string => this.door.nonce(req, res, found?.link.id ?? '', revision);
    const shown = found && (await this.pages.page(found.link.purpose)?.show(found, nonce));
    if (shown === undefined) this.door.gone(res);
    else res.render(shown.view, { action: paths.answer(secret), onward: paths.link(secret), ...shown.locals });
  }

  @Post(':secret')
  async goOn(@Param('secret') secret: string, @Req() req: Request, @Res() res: Response): Promise<void> {
    const found = await this.door.find(res, secret);
    const page = found && this.pages.page(found.link.purpose);
    if (found === undefined || page === undefined) {
      this.door.gone(res);
      return;
    }
    await this.door.mustNotRush(req, found.link.id);
    await this.door.visit(res, found);
    redirect(res, page.next(found));
  }
}
