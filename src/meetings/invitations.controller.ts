import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, failedForm, type FormBody, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { InvitationPages } from './invitation-pages.service.js';
import { InvitationsService, type LateGuest } from './invitations.service.js';
import { inviteForm, needForm, newGuestForm, readPerson } from './meeting.form.js';
import { MeetingPages } from './meeting-pages.service.js';
import { roleOf } from './suggesting.js';

const INPUTS = { name: 'personName', category: 'agencyCategory', invitees: 'contact' };

/** Who is asked to a meeting that has gone out. */
@Controller('meetings/:id/invitations')
@Policy('coordinate')
export class InvitationsController {
  constructor(
    @Inject(InvitationsService) private readonly invitations: InvitationsService,
    @Inject(MeetingPages) private readonly pages: MeetingPages,
    @Inject(InvitationPages) private readonly parts: InvitationPages,
  ) {}

  @Get()
  async show(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Query() query: Record<string, unknown>,
    @Res() res: Response,
  ): Promise<void> {
    const q = typeof query.q === 'string' ? query.q.slice(0, 120) : '';
    const { view, locals } = await this.pages.invitations(by, id, emptyForm({ q, role: 'ATTENDEE', required: 'NO' }));
    res.render(view, locals);
  }

  @Post()
  @HttpCode(200)
  async invite(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    if (body.do === 'find') {
      const { view, locals } = await this.pages.invitations(by, id, failedForm(body, []));
      res.render(view, locals);
      return;
    }
    await submitForm(res, body, {
      inputs: INPUTS,
      change: async () => {
        await this.invitations.add(by, id, body.do === 'add' ? readNewGuest(body) : readGuest(body));
        flash(req, 'The invitation is on its way');
        return paths.meeting(id);
      },
      again: (form) => this.pages.invitations(by, id, form),
    });
  }

  @Post(':invitationId/resending')
  async resend(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.invitations.resend(by, id, invitationId);
    flash(req, 'The invitation is on its way again, with a new link');
    redirect(res, paths.meeting(id));
  }

  /** Shows what the person would read; the button does it. */
  @Get(':invitationId/withdrawal')
  async showWithdrawal(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Res() res: Response,
  ): Promise<void> {
    const { view, locals } = await this.parts.withdrawal(by, id, invitationId);
    res.render(view, { ...locals, form: emptyForm() });
  }

  @Post(':invitationId/withdrawal')
  async withdraw(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.invitations.withdraw(by, id, invitationId);
        flash(res.req, 'The invitation is withdrawn');
        return paths.meeting(id);
      },
      again: () => this.parts.withdrawal(by, id, invitationId),
    });
  }

  @Get(':invitationId/need')
  async showNeed(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Res() res: Response,
  ): Promise<void> {
    const { view, locals } = await this.parts.need(by, id, invitationId);
    res.render(view, locals);
  }

  /** They are needed from now on, or no longer. */
  @Post(':invitationId/need')
  async need(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Param('invitationId', IdPipe) invitationId: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.invitations.need(by, id, invitationId, parseForm(needForm, body).required);
        flash(res.req, 'Saved');
        return paths.meeting(id);
      },
      again: (form) => this.parts.need(by, id, invitationId, form),
    });
  }
}

function readGuest(body: FormBody): LateGuest {
  const { contact: contactId, role, ...rest } = parseForm(inviteForm, body);
  return { ...rest, contactId, role: roleOf(role) };
}

function readNewGuest(body: FormBody): LateGuest {
  const { role, ...rest } = parseForm(newGuestForm, body);
  return { ...rest, newPerson: readPerson(body), role: roleOf(role) };
}
