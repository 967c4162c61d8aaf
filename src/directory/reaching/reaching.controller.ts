import { Body, Controller, Get, Inject, Param, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { idsField, optionalIdField, versionField } from '../../web/fields.js';
import { flash } from '../../web/flash.js';
import { type FormBody, type FormState, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { type AgencyDetail, AgenciesService } from '../agencies.service.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from '../field.form.js';
import { type InboxReaders, ReachingService } from './reaching.service.js';

type ShownForm = AskedForm & { form: FormState };

const postField = optionalIdField('Select a post from the list');
const whoToAsk = z.object({
  version: versionField(),
  spocPostId: postField,
  outOfHoursPostId: postField,
  chaseManagerPostId: postField,
});
const readersForm = z.object({ readers: idsField('Select people from the list') });

/** Pages that say by whom an agency is reached, and who reads what it shares. */
@Controller('directory')
@Policy('administer')
export class ReachingController {
  constructor(
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
    @Inject(ReachingService) private readonly reaching: ReachingService,
  ) {}

  @Get('agencies/:id/who-to-ask')
  @Render(FORM_VIEW)
  async ask(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const detail = await this.agencies.detail(by, id);
    const { version, spocPostId, outOfHoursPostId, chaseManagerPostId } = detail.agency;
    return { ...whoToAskForm(detail), form: shown({ version, spocPostId, outOfHoursPostId, chaseManagerPostId }) };
  }

  @Post('agencies/:id/who-to-ask')
  async answerBy(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const detail = await this.agencies.detail(by, id);
    await submitForm(res, body, {
      change: async () => {
        const {
          version,
          spocPostId = null,
          outOfHoursPostId = null,
          chaseManagerPostId = null,
        } = parseForm(whoToAsk, body);
        await this.reaching.answerBy(by, id, { spocPostId, outOfHoursPostId, chaseManagerPostId }, version);
        flash(req, 'Saved');
        return paths.agency(id);
      },
      again: () => formPage(whoToAskForm(detail)),
    });
  }

  @Get('inboxes/:id/readers')
  @Render(FORM_VIEW)
  async askReaders(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const found = await this.reaching.readers(by, id);
    return { ...readersOf(found), form: shown({ readers: found.readers.map((one) => one.id) }) };
  }

  @Post('inboxes/:id/readers')
  async keepReaders(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const found = await this.reaching.readers(by, id);
    await submitForm(res, body, {
      change: async () => {
        await this.reaching.read(by, id, parseForm(readersForm, body).readers);
        flash(req, 'Saved');
        return paths.agency(found.inbox.agencyId);
      },
      again: () => formPage(readersOf(found)),
    });
  }
}

function whoToAskForm({ agency, posts }: AgencyDetail): AskedForm {
  const items = posts
    .filter(({ endedOn }) => endedOn === null)
    .map(({ id, title, holders }) => ({ value: id, text: [title, ...holders.map(({ name }) => name)].join(', ') }));
  const field = (name: string, label: string, hint: string): AskedForm['fields'][number] => ({
    kind: 'select',
    name,
    label,
    hint,
    items,
    blank: 'None',
  });
  return {
    title: `Whom to ask at ${agency.name}`,
    back: { href: paths.agency(agency.id), text: 'Back to the agency' },
    action: paths.agencyPart(agency.id, 'who-to-ask'),
    submit: 'Save',
    fields: [
      field('spocPostId', 'Single point of contact', 'Confirms who holds a post, and is asked when nobody answers'),
      field('outOfHoursPostId', 'Out of hours', 'Asked instead between 17:00 and 09:00'),
      field('chaseManagerPostId', 'Manager to chase', 'Told when the agency stays silent'),
    ],
  };
}

function readersOf({ inbox, people, readers }: InboxReaders): AskedForm {
  const others = readers.filter((one) => !people.some(({ contactId }) => contactId === one.id));
  const items = [...people, ...others.map(({ id, name }) => ({ contactId: id, name }))];
  return {
    title: `Who can read ${inbox.address}?`,
    back: { href: paths.agency(inbox.agencyId), text: 'Back to the agency' },
    action: paths.inboxReaders(inbox.id),
    submit: 'Save',
    fields: [
      {
        kind: 'ticks',
        name: 'readers',
        label: 'People who can open it',
        hint: 'While nobody is ticked, everybody of its team counts as a reader. Nothing about a matter goes to an inbox that somebody reads who must not be told of it.',
        items: items.map(({ contactId, name }) => ({ value: contactId, text: name })),
      },
    ],
  };
}
