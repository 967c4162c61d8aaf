import { Body, Controller, Get, Inject, Param, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { AgenciesService } from './agencies.service.js';
import { correctInboxForm, inboxFields, newInboxForm, renameTeamForm, teamFields } from './agency.form.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from './field.form.js';
import { InboxesService } from './inboxes.service.js';

type ShownForm = AskedForm & { form: FormState };

/** Pages for the teams and shared inboxes of an agency. */
@Controller('directory')
@Policy('administer')
export class AgencyPartsController {
  constructor(
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
    @Inject(InboxesService) private readonly inboxes: InboxesService,
  ) {}

  @Get('teams/:id')
  @Render(FORM_VIEW)
  async askName(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version, name, agencyId } = await this.agencies.team(by, id);
    return { ...renameForm(id, agencyId), form: shown({ version, name }) };
  }

  @Post('teams/:id')
  async rename(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.agencies.team(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { name, version } = parseForm(renameTeamForm, body);
        const team = await this.agencies.renameTeam(by, id, name, version);
        flash(req, `The team is now called ${team.name}`);
        return paths.agency(agencyId);
      },
      again: () => formPage(renameForm(id, agencyId)),
    });
  }

  @Get('agencies/:id/inboxes')
  @Render(FORM_VIEW)
  async askInbox(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    return { ...(await this.newInboxForm(by, id)), form: emptyForm() };
  }

  @Post('agencies/:id/inboxes')
  async addInbox(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const inbox = await this.inboxes.add(by, id, parseForm(newInboxForm, body));
        flash(req, `Inbox ${inbox.address} added`);
        return paths.agency(id);
      },
      again: async () => formPage(await this.newInboxForm(by, id)),
    });
  }

  @Get('inboxes/:id')
  @Render(FORM_VIEW)
  async askInboxCorrection(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version, address, teamId, restricted, agencyId } = await this.inboxes.find(by, id);
    const form = shown({ version, address, teamId, restricted: restricted ? 'yes' : null });
    return { ...(await this.correctInboxForm(by, id, agencyId)), form };
  }

  @Post('inboxes/:id')
  async correctInbox(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.inboxes.find(by, id);
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(correctInboxForm, body);
        const inbox = await this.inboxes.correct(by, id, form, form.version);
        flash(req, `Inbox ${inbox.address} corrected`);
        return paths.agency(agencyId);
      },
      again: async () => formPage(await this.correctInboxForm(by, id, agencyId)),
    });
  }

  private async newInboxForm(by: Actor, agencyId: string): Promise<AskedForm> {
    return {
      title: 'Add a shared inbox',
      back: back(agencyId),
      action: paths.agencyPart(agencyId, 'inboxes'),
      submit: 'Add the inbox',
      fields: inboxFields((await this.agencies.detail(by, agencyId)).teams),
      lines: ['Nobody is invited through it. It is kept so that a matter can say who must not be told.'],
    };
  }

  private async correctInboxForm(by: Actor, id: string, agencyId: string): Promise<AskedForm> {
    return {
      title: 'Correct a shared inbox',
      back: back(agencyId),
      action: paths.directoryPart('inboxes', id),
      submit: 'Save',
      fields: inboxFields((await this.agencies.detail(by, agencyId)).teams),
    };
  }
}

function renameForm(id: string, agencyId: string): AskedForm {
  return {
    title: 'Rename a team',
    back: back(agencyId),
    action: paths.directoryPart('teams', id),
    submit: 'Save',
    fields: teamFields,
    lines: ['Whoever looks for the old name still finds it.'],
  };
}

function back(agencyId: string): AskedForm['back'] {
  return { href: paths.agency(agencyId), text: 'Back to the agency' };
}
