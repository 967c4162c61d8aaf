import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { agreedForm } from './action.form.js';
import { ActionLists } from './action-lists.service.js';
import { ActionsService } from './actions.service.js';
import { ownerItems } from './owner-items.js';

/** The page on which what a meeting agreed is written down. */
@Policy('coordinate')
@Controller('meetings/:id/actions')
export class MeetingActionsController {
  constructor(
    @Inject(ActionLists) private readonly lists: ActionLists,
    @Inject(ActionsService) private readonly actions: ActionsService,
  ) {}

  @Get()
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const page = await this.page(by, id, emptyForm());
    res.render(page.view, page.locals);
  }

  @Post()
  async agree(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { owner: contactId, ownerName: typed, text, dueOn } = parseForm(agreedForm, body);
        const action = await this.actions.agree(by, id, { text, dueOn, owner: { contactId, typed } });
        flash(req, `Action ${action.ref} recorded, and its owner told`);
        return paths.meetingActions(id);
      },
      again: (form) => this.page(by, id, form),
    });
  }

  private async page(by: Actor, id: string, form: FormState): Promise<FormPage> {
    const agreed = await this.lists.ofMeeting(by, id);
    const typed = form.values.ownerName;
    const found = typeof typed === 'string' ? await this.lists.matching(by, typed) : [];
    const locals = { ...agreed, form, owners: ownerItems(agreed.people, found) };
    return { view: 'actions/views/meeting-actions.njk', locals };
  }
}
