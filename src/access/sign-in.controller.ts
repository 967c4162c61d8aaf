import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { localPath, redirect } from '../web/page.js';
import { paths, withQuery } from '../web/paths.js';
import { signIn, signOut } from '../web/sessions.js';
import { Policy } from './signed-in.guard.js';
import { SignInService } from './sign-in.service.js';
import { StaffService } from './staff.service.js';

const choice = z.object({
  staff: z.string({ error: 'Choose who you are' }).regex(/^\d{1,9}:[0-9a-f-]{36}$/, 'Choose who you are'),
});
const address = z.object({ email: z.string({ error: 'Enter your email address' }).min(1, 'Enter your email address') });
const code = z.object({
  code: z.string({ error: 'Enter the code from the email' }).min(1, 'Enter the code from the email'),
});

/**
 * Signing in. In the demonstration one chooses who to be; everywhere else a code goes to the address of a registered
 * account. The pages answer the same whether an account exists or not.
 */
@Controller()
@Policy('anybody')
export class SignInController {
  constructor(
    @Inject(StaffService) private readonly staff: StaffService,
    @Inject(SignInService) private readonly codes: SignInService,
  ) {}

  @Get('sign-in')
  async show(@Res() res: Response, @Query('next') next?: string): Promise<void> {
    await this.page(res, emptyForm(), next);
  }

  @Post('sign-in')
  async choose(@Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    const next = typeof body.next === 'string' ? body.next : undefined;
    await submitForm(res, body, {
      change: async () => {
        const [authority, staffId] = parseForm(choice, body).staff.split(':');
        const allowed = await this.staff.ofTheDemonstration();
        const person = allowed.find((one) => one.id === staffId && String(one.authority_id) === authority);
        if (person === undefined) throw new NotFound();
        await this.begin(req, person.authority_id, person.id);
        return localPath(next);
      },
      again: async (form: FormState) => this.choices(form, next),
    });
  }

  @Post('sign-in/code')
  async ask(@Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    const next = typeof body.next === 'string' ? body.next : undefined;
    await submitForm(res, body, {
      change: async () => {
        const email = parseForm(address, body).email.trim();
        req.session.signingIn = await this.codes.ask(email, req.ip ?? '');
        return withQuery('/sign-in/code', { next });
      },
      again: async (form: FormState) => this.choices(form, next),
    });
  }

  @Get('sign-in/code')
  showCode(@Req() req: Request, @Res() res: Response, @Query('next') next?: string): void {
    if (req.session.signingIn === undefined) redirect(res, paths.signIn());
    else res.render('access/views/sign-in-code.njk', { form: emptyForm(), next, email: req.session.signingIn.email });
  }

  @Post('sign-in/code/proof')
  async prove(@Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    const next = typeof body.next === 'string' ? body.next : undefined;
    const signingIn = req.session.signingIn;
    if (signingIn === undefined) {
      redirect(res, paths.signIn());
      return;
    }
    await submitForm(res, body, {
      change: async () => {
        const who = await this.codes.prove(signingIn, parseForm(code, body).code);
        await this.begin(req, who.authorityId, who.staffId);
        return localPath(next);
      },
      again: (form: FormState) => ({
        view: 'access/views/sign-in-code.njk',
        locals: { form, next, email: signingIn.email },
      }),
    });
  }

  @Post('sign-out')
  async leave(@Req() req: Request, @Res() res: Response): Promise<void> {
    await signOut(req);
    redirect(res, paths.signIn());
  }

  private async begin(req: Request, authorityId: number, staffId: string): Promise<void> {
    const found = await this.staff.signedIn(authorityId, staffId);
    if (found === undefined) throw new NotFound();
    await signIn(req, { authorityId, staffId });
    await this.staff.recordSignIn(found.actor);
    flash(req, `You are signed in as ${found.actor.name}`);
  }

  private async choices(form: FormState, next: string | undefined): Promise<{ view: string; locals: object }> {
    return { view: 'access/views/sign-in.njk', locals: { form, next, people: await this.staff.ofTheDemonstration() } };
  }

  private async page(res: Response, form: FormState, next: string | undefined): Promise<void> {
    const { view, locals } = await this.choices(form, next);
    res.render(view, locals);
  }
}
