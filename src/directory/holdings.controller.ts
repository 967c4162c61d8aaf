import { Body, Controller, Get, Inject, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { AgenciesService } from './agencies.service.js';
import {
  contactVersionForm,
  endHoldingFields,
  endHoldingForm,
  mergeForm,
  placeFields,
  placeOf,
  takeUpForm,
} from './contact.form.js';
import { ContactsService } from './contacts.service.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from './field.form.js';
import { HoldingsService } from './holdings.service.js';

type ShownForm = AskedForm & { form: FormState };

/** Pages for people who take up posts, give them up, go away and leave. */
@Controller('directory')
@Policy('administer')
export class HoldingsController {
  constructor(
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(HoldingsService) private readonly holdings: HoldingsService,
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
  ) {}

  @Get('contacts/:id/posts')
  @Render(FORM_VIEW)
  async askPost(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    await this.contacts.detail(by, id);
    return { ...(await this.takeUpForm(by, id)), form: shown({}) };
  }

  @Post('contacts/:id/posts')
  async takeUp(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(takeUpForm, body);
        await this.contacts.takeUp(by, id, placeOf(form), form.fromOn);
        flash(req, 'Post added');
        return paths.contact(id);
      },
      again: async () => formPage(await this.takeUpForm(by, id)),
      inputs: { post: 'postTitle' },
    });
  }

  @Get('holdings/:id/ending')
  @Render(FORM_VIEW)
  async askEnd(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { contactId, version } = await this.holdings.find(by, id);
    return { ...endForm(id, contactId), form: shown({ version }) };
  }

  @Post('holdings/:id/ending')
  async end(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { contactId } = await this.holdings.find(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { toOn: on, endReason: reason, version } = parseForm(endHoldingForm, body);
        await this.holdings.end(by, id, { on, reason }, version);
        flash(req, 'Post ended for this person');
        return paths.contact(contactId);
      },
      again: () => formPage(endForm(id, contactId)),
    });
  }

  @Get('contacts/:id/leaving')
  @Render(FORM_VIEW)
  async askLeaving(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { contact } = await this.contacts.detail(by, id);
    return { ...leavingForm(id, contact.name), form: shown({ version: contact.version }) };
  }

  @Post('contacts/:id/leaving')
  async leave(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.contacts.leave(by, id, parseForm(contactVersionForm, body).version);
    flash(req, 'Marked as left. Their links no longer work');
    redirect(res, paths.contact(id));
  }

  @Post('contacts/:id/return')
  async comeBack(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.contacts.comeBack(by, id, parseForm(contactVersionForm, body).version);
    flash(req, 'Marked as back. Check their details and add the post they hold now');
    redirect(res, paths.contact(id));
  }

  @Get('contacts/:id/merger')
  @Render('directory/views/merger.njk')
  async askMerger(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Query('into', IdPipe) into: string,
  ): Promise<object> {
    const { contact } = await this.contacts.detail(by, id);
    const { contact: other } = await this.contacts.detail(by, into);
    return { contact, other };
  }

  @Post('contacts/:id/merger')
  async merge(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { into, version } = parseForm(mergeForm, body);
    await this.contacts.merge(by, id, into, version);
    flash(req, 'Merged. This is the contact that stays');
    redirect(res, paths.contact(into));
  }

  private async takeUpForm(by: Actor, id: string): Promise<AskedForm> {
    return {
      title: 'Add a post',
      back: back(id),
      action: paths.contactPart(id, 'posts'),
      submit: 'Add the post',
      fields: [
        ...placeFields(await this.agencies.choices(by)),
        { kind: 'date', name: 'fromOn', label: 'They hold it from' },
      ],
    };
  }
}

function endForm(id: string, contactId: string): AskedForm {
  return {
    title: 'End a post for this person',
    back: back(contactId),
    action: paths.holdingEnd(id),
    submit: 'End it',
    fields: endHoldingFields,
    lines: ['The post itself stays, for whoever holds it next.'],
  };
}

function leavingForm(id: string, name: string): AskedForm {
  return {
    title: `${name} has left`,
    back: back(id),
    action: paths.contactPart(id, 'leaving'),
    submit: `Mark ${name} as left`,
    fields: [],
    warn: 'The posts they hold end today and every link that was emailed to them stops working at once.',
    lines: [
      'Their open invitations go to whoever holds the post now, else the first deputy who can come, else the shared inbox of the team, else you. Their open actions are offered to whoever holds the post now.',
      'If this was a mistake, you can take it back today.',
      'What they answered, attended and did stays in the record.',
    ],
  };
}

function back(id: string): AskedForm['back'] {
  return { href: paths.contact(id), text: 'Back to the person' };
}
