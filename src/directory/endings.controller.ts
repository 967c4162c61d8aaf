import { Body, Controller, Get, Inject, Param, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { AgenciesService } from './agencies.service.js';
import { partEndingFields, partEndingForm } from './agency.form.js';
import { DeputiesService } from './deputies.service.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from './field.form.js';
import { InboxesService } from './inboxes.service.js';
import { PostsService } from './posts.service.js';

type ShownForm = AskedForm & { form: FormState };
type Kind = 'teams' | 'inboxes' | 'deputies';

const SAID: Readonly<Record<Kind, { title: string; done: string; line: string }>> = {
  teams: { title: 'End a team', done: 'Team ended', line: 'Its posts stay with the agency.' },
  inboxes: {
    title: 'End a shared inbox',
    done: 'Inbox ended',
    line: 'Say so only when nobody reads it any more, mail that is forwarded included.',
  },
  deputies: { title: 'End a deputy', done: 'Deputy ended', line: 'Both posts stay.' },
};

/** Pages that end a team, a shared inbox or a deputy. */
@Controller('directory')
@Policy('administer')
export class EndingsController {
  constructor(
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
    @Inject(InboxesService) private readonly inboxes: InboxesService,
    @Inject(DeputiesService) private readonly deputies: DeputiesService,
    @Inject(PostsService) private readonly posts: PostsService,
  ) {}

  @Get('teams/:id/ending')
  @Render(FORM_VIEW)
  async askTeam(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version, agencyId } = await this.agencies.team(by, id);
    return { ...askedForm('teams', id, agencyId), form: shown({ version }) };
  }

  @Post('teams/:id/ending')
  async endTeam(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.agencies.team(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { endedOn, version } = parseForm(partEndingForm, body);
        await this.agencies.endTeam(by, id, endedOn, version);
        flash(req, SAID.teams.done);
        return paths.agency(agencyId);
      },
      again: () => formPage(askedForm('teams', id, agencyId)),
    });
  }

  @Get('inboxes/:id/ending')
  @Render(FORM_VIEW)
  async askInbox(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version, agencyId } = await this.inboxes.find(by, id);
    return { ...askedForm('inboxes', id, agencyId), form: shown({ version }) };
  }

  @Post('inboxes/:id/ending')
  async endInbox(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.inboxes.find(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { endedOn, version } = parseForm(partEndingForm, body);
        await this.inboxes.end(by, id, endedOn, version);
        flash(req, SAID.inboxes.done);
        return paths.agency(agencyId);
      },
      again: () => formPage(askedForm('inboxes', id, agencyId)),
    });
  }

  @Get('deputies/:id/ending')
  @Render(FORM_VIEW)
  async askDeputy(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version } = await this.deputies.find(by, id);
    return { ...askedForm('deputies', id, await this.agencyOfDeputy(by, id)), form: shown({ version }) };
  }

  @Post('deputies/:id/ending')
  async endDeputy(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const agencyId = await this.agencyOfDeputy(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { endedOn, version } = parseForm(partEndingForm, body);
        await this.deputies.end(by, id, endedOn, version);
        flash(req, SAID.deputies.done);
        return paths.agency(agencyId);
      },
      again: () => formPage(askedForm('deputies', id, agencyId)),
    });
  }

  private async agencyOfDeputy(by: Actor, id: string): Promise<string> {
    const { postId } = await this.deputies.find(by, id);
    return (await this.posts.find(by, postId)).agencyId;
  }
}

function askedForm(kind: Kind, id: string, agencyId: string): AskedForm {
  return {
    title: SAID[kind].title,
    back: { href: paths.agency(agencyId), text: 'Back to the agency' },
    action: `${paths.directoryPart(kind, id)}/ending`,
    submit: 'End it',
    fields: partEndingFields,
    lines: [SAID[kind].line],
  };
}
