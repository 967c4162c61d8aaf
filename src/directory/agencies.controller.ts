import { Body, Controller, Get, Inject, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { type AgencyDetail, AgenciesService } from './agencies.service.js';
import { type AgencyRow } from './agencies.store.js';
import { CATEGORY_LABELS } from './agency-category.js';
import {
  agencyFields,
  correctAgencyForm,
  endingFields,
  endingForm,
  newAgencyForm,
  newTeamForm,
  teamFields,
} from './agency.form.js';
import { pageNumber } from './contacts.controller.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from './field.form.js';
import { FUNCTION_LABELS } from './post.js';

const PAGE = 50;

type ShownForm = AskedForm & { form: FormState };

interface AgenciesPage {
  readonly form: FormState;
  readonly part: string;
  readonly ended: boolean;
  readonly agencies: readonly AgencyRow[];
  readonly page: number;
  readonly more: boolean;
  readonly categories: object;
}

/** Pages for agencies and their teams. */
@Controller('directory/agencies')
@Policy('administer')
export class AgenciesController {
  constructor(@Inject(AgenciesService) private readonly agencies: AgenciesService) {}

  @Get()
  @Policy('staff')
  @Render('directory/views/agencies.njk')
  async find(
    @SignedIn() by: Actor,
    @Query('part') typed?: unknown,
    @Query('ended') ticked?: unknown,
    @Query('page') numbered?: unknown,
  ): Promise<AgenciesPage> {
    const part = typeof typed === 'string' ? typed.slice(0, 200) : '';
    const ended = ticked === 'yes';
    const page = pageNumber(numbered);
    const found = await this.agencies.search(by, { part, ended, limit: PAGE, offset: (page - 1) * PAGE });
    const form = emptyForm({ part, ended: ended ? 'yes' : '' });
    return { form, part, ended, page, categories: CATEGORY_LABELS, ...found };
  }

  @Get('new')
  @Render(FORM_VIEW)
  ask(): ShownForm {
    return { ...newForm(), form: emptyForm() };
  }

  @Post()
  async add(@SignedIn() by: Actor, @Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const agency = await this.agencies.add(by, parseForm(newAgencyForm, body));
        flash(req, `${agency.name} added to the directory`);
        return paths.agency(agency.id);
      },
      again: () => formPage(newForm()),
    });
  }

  @Get(':id')
  @Policy('staff')
  @Render('directory/views/agency.njk')
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<AgencyDetail & { labels: object }> {
    const labels = { categories: CATEGORY_LABELS, functions: FUNCTION_LABELS };
    return { ...(await this.agencies.detail(by, id)), labels };
  }

  @Get(':id/edit')
  @Render(FORM_VIEW)
  async askCorrection(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { agency } = await this.agencies.detail(by, id);
    const { version, name, category, discipline, phone } = agency;
    const emailDomains = agency.emailDomains.join('\n');
    return { ...correctionForm(id), form: shown({ version, name, category, discipline, phone, emailDomains }) };
  }

  @Post(':id')
  async correct(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(correctAgencyForm, body);
        const agency = await this.agencies.correct(by, id, form, form.version);
        flash(req, `${agency.name} corrected`);
        return paths.agency(id);
      },
      again: () => formPage(correctionForm(id)),
    });
  }

  @Get(':id/ending')
  @Render(FORM_VIEW)
  async askEnd(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { agency } = await this.agencies.detail(by, id);
    return { ...endForm(id), form: shown({ version: agency.version }) };
  }

  @Post(':id/ending')
  async end(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { endedOn: on, confirmed, version } = parseForm(endingForm, body);
        await this.agencies.end(by, id, { on, confirmed }, version);
        flash(req, 'Agency ended');
        return paths.agency(id);
      },
      again: () => formPage(endForm(id)),
    });
  }

  @Get(':id/teams')
  @Render(FORM_VIEW)
  async askTeam(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    await this.agencies.detail(by, id);
    return { ...teamForm(id), form: emptyForm() };
  }

  @Post(':id/teams')
  async addTeam(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const team = await this.agencies.addTeam(by, id, parseForm(newTeamForm, body).name);
        flash(req, `Team ${team.name} added`);
        return paths.agency(id);
      },
      again: () => formPage(teamForm(id)),
    });
  }
}

function newForm(): AskedForm {
  return {
    title: 'Add an agency',
    back: { href: paths.agencies(), text: 'Back to agencies' },
    action: paths.agencies(),
    submit: 'Add to the directory',
    fields: agencyFields,
  };
}

function correctionForm(id: string): AskedForm {
  return { title: 'Correct an agency', back: back(id), action: paths.agency(id), submit: 'Save', fields: agencyFields };
}

function endForm(id: string): AskedForm {
  return {
    title: 'End an agency',
    back: back(id),
    action: paths.agencyPart(id, 'ending'),
    submit: 'End it',
    fields: endingFields,
    warn: 'Its teams and posts end with it.',
    lines: ['Past meetings keep its name. People who held posts stay in the directory without them.'],
  };
}

function teamForm(id: string): AskedForm {
  const action = paths.agencyPart(id, 'teams');
  return { title: 'Add a team', back: back(id), action, submit: 'Add the team', fields: teamFields };
}

function back(id: string): AskedForm['back'] {
  return { href: paths.agency(id), text: 'Back to the agency' };
}
