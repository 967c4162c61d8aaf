import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { emptyForm, type FormBody, type FormPage, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { claimDecisionForm, claimRefusalForm } from './claim.form.js';
import { ClaimsService } from './claims.service.js';
import { HandoversService } from './handovers.service.js';

/** Pages where a coordinator decides who holds a post, and takes back a departure recorded by mistake. */
@Controller('directory')
@Policy('administer')
export class ClaimsController {
  constructor(
    @Inject(ClaimsService) private readonly claims: ClaimsService,
    @Inject(HandoversService) private readonly handovers: HandoversService,
  ) {}

  @Get('claims/:id')
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.page(by, id);
    res.render(view, { ...locals, form: emptyForm() });
  }

  @Post('claims/:id/confirmation')
  async confirm(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { claim } = await this.claims.show(by, id);
    await submitForm(res, body, {
      change: async () => {
        await this.claims.confirm(by, id, parseForm(claimDecisionForm, body).version);
        flash(req, `${claim.name} holds the post now. What is open goes to them`);
        return paths.contact(claim.heldBy);
      },
      again: () => this.page(by, id),
    });
  }

  @Post('claims/:id/refusal')
  async refuse(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { claim } = await this.claims.show(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { reason, version } = parseForm(claimRefusalForm, body);
        await this.claims.refuse(by, id, reason ?? null, version);
        flash(req, 'Refused. Their links stopped when it was said: if they are still there, take that back below, and they get new ones');
        return paths.contact(claim.heldBy);
      },
      again: () => this.page(by, id),
    });
  }

  @Post('contacts/:id/undoing')
  async undo(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.handovers.undo(by, id);
    flash(req, 'Taken back. They are asked again wherever nobody has answered in their place');
    res.redirect(303, paths.contact(id));
  }

  private async page(by: Actor, id: string): Promise<FormPage> {
    return { view: 'directory/handover/views/claim.njk', locals: { ...(await this.claims.show(by, id)) } };
  }
}
