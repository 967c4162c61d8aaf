import { Body, Controller, Get, Inject, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { AgenciesService } from './agencies.service.js';
import { CATEGORY_LABELS } from './agency-category.js';
import {
  contactValues,
  contactVersionForm,
  correctContactForm,
  correctionOf,
  newContactForm,
  newPersonOf,
  personFields,
  placeFields,
} from './contact.form.js';
import { VERIFIED_LABELS } from './contact.js';
import { type ContactDetail, ContactsService } from './contacts.service.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from './field.form.js';
import { SIGNAL_LABELS } from './handover/handover.js';
import { HandoversService } from './handover/handovers.service.js';
import { END_REASON_LABELS } from './holding.js';
import { type PersonInPost } from './person-in-post.js';

const PAGE = 50;

interface FoundPage {
  readonly form: FormState;
  readonly part: string;
  readonly everybody: boolean;
  readonly people: readonly PersonInPost[];
  readonly page: number;
  readonly more: boolean;
}

/** Pages for finding people, adding them and putting them right. */
@Controller('directory')
@Policy('staff')
export class ContactsController {
  constructor(
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
    @Inject(HandoversService) private readonly handovers: HandoversService,
  ) {}

  @Get()
  @Render('directory/views/people.njk')
  async find(
    @SignedIn() by: Actor,
    @Query('part') typed?: unknown,
    @Query('everybody') ticked?: unknown,
    @Query('page') numbered?: unknown,
  ): Promise<FoundPage> {
    const part = typeof typed === 'string' ? typed.slice(0, 200) : '';
    const everybody = ticked === 'yes';
    const page = pageNumber(numbered);
    const found = await this.contacts.search(by, { part, everybody, limit: PAGE, offset: (page - 1) * PAGE });
    const form = emptyForm({ part, everybody: everybody ? 'yes' : '' });
    return { form, part, everybody, page, ...found };
  }

  @Get('contacts/new')
  @Policy('administer')
  @Render(FORM_VIEW)
  async ask(@SignedIn() by: Actor): Promise<AskedForm & { form: FormState }> {
    return { ...(await this.newForm(by)), form: emptyForm() };
  }

  @Post('contacts')
  @Policy('administer')
  async add(@SignedIn() by: Actor, @Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const added = await this.contacts.add(by, newPersonOf(parseForm(newContactForm, body)));
        flash(req, `${added.name} added to the directory`);
        return paths.contact(added.contactId);
      },
      again: async () => formPage(await this.newForm(by)),
    });
  }

  @Get('contacts/:id')
  @Render('directory/views/contact.njk')
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ContactDetail & { labels: object }> {
    const labels = {
      verified: VERIFIED_LABELS,
      ended: END_REASON_LABELS,
      categories: CATEGORY_LABELS,
      signals: SIGNAL_LABELS,
    };
    const detail = await this.contacts.detail(by, id);
    return { ...detail, labels, ...{ departure: await this.handovers.latest(by, id) } };
  }

  @Get('contacts/:id/edit')
  @Policy('administer')
  @Render(FORM_VIEW)
  async askCorrection(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<AskedForm & { form: FormState }> {
    const { contact } = await this.contacts.detail(by, id);
    return { ...correctionForm(contact.id), form: shown(contactValues(contact)) };
  }

  @Post('contacts/:id')
  @Policy('administer')
  async correct(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(correctContactForm, body);
        const contact = await this.contacts.correct(by, id, correctionOf(form), form.version);
        flash(req, `${contact.name} corrected`);
        return paths.contact(id);
      },
      again: () => formPage(correctionForm(id)),
      inputs: { contact: 'email' },
    });
  }

  @Post('contacts/:id/verification')
  @Policy('administer')
  async verify(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.contacts.verify(by, id, parseForm(contactVersionForm, body).version);
    flash(req, 'Marked as checked today');
    redirect(res, paths.contact(id));
  }

  private async newForm(by: Actor): Promise<AskedForm> {
    return {
      title: 'Add a person',
      back: { href: paths.directory(), text: 'Back to the directory' },
      action: paths.contacts(),
      submit: 'Add to the directory',
      fields: [...personFields, ...placeFields(await this.agencies.choices(by))],
    };
  }
}

function correctionForm(id: string): AskedForm {
  return {
    title: 'Correct a person’s details',
    back: { href: paths.contact(id), text: 'Back to the person' },
    action: paths.contact(id),
    submit: 'Save',
    fields: personFields,
    lines: ['A new email address is used for every invitation and action they already have.'],
  };
}

/** The number of a page in an address: the first for anything that is none. */
export function pageNumber(typed: unknown): number {
  return typeof typed === 'string' && /^[1-9]\d{0,3}$/.test(typed) ? Number(typed) : 1;
}
