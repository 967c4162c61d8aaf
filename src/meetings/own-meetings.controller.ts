import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { type Response } from 'express';
import { LinksService } from '../access/links.service.js';
import { Policy } from '../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../access/visitor.guard.js';
import { type Visitor } from '../access/visitor.js';
import { RuleBroken } from '../errors.js';
import { emptyForm, type FormBody, type FormPage, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths, withQuery } from '../web/paths.js';
import { OwnMeetings } from './own-meetings.service.js';
import { readSubstitute } from './substitute.form.js';
import { colleagueWords, SubstitutesService } from './substitutes.service.js';

/** One's own meetings, behind the code: who comes, how to join, and who comes instead. */
@Controller('my/meetings')
@Policy('link')
@NeedsCode()
export class OwnMeetingsController {
  constructor(
    @Inject(OwnMeetings) private readonly meetings: OwnMeetings,
    @Inject(SubstitutesService) private readonly substitutes: SubstitutesService,
    @Inject(LinksService) private readonly links: LinksService,
  ) {}

  @Get(':id')
  async show(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Res() res: Response,
    @Query() query: Record<string, string>,
  ): Promise<void> {
    const told = TOLD.get(query.told ?? '');
    const own = await this.meetings.show(visitor, id);
    const { link } = await this.links.load(visitor.authorityId, visitor.linkId);
    const answerHere = link.purpose === 'RESPOND' && link.targetId === id;
    res.render('meetings/views/own-meeting.njk', { ...own, told, answerHere });
  }

  @Get(':id/substitute')
  async choose(@Visiting() visitor: Visitor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.page(visitor, id);
    res.render(view, { form: emptyForm(), ...locals });
  }

  @Post(':id/substitute')
  async name(
    @Visiting() visitor: Visitor,
    @Param('id', IdPipe) id: string,
    @Res() res: Response,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { outcome } = await this.substitutes.name(visitor.actor, id, readSubstitute(body));
        return withQuery(paths.ownMeeting(id), { told: outcome === 'ASKED' ? 'asked' : 'invited' });
      },
      inputs: { invitees: 'contactId', contact: 'contactId', substitute: 'contactId' },
      again: () => this.page(visitor, id),
    });
  }

  private async page(visitor: Visitor, id: string): Promise<FormPage> {
    const own = await this.meetings.show(visitor, id);
    const shown = await this.chosenFrom(visitor, id);
    return { view: 'meetings/views/substitute.njk', locals: { ...own, ...shown } };
  }

  /** The colleagues to choose from, or the sentence that says why nobody can be named. */
  private async chosenFrom(visitor: Visitor, id: string): Promise<object> {
    try {
      const { agency, colleagues } = await this.substitutes.colleagues(visitor.actor, id);
      return { agency, items: colleagues.map((one) => ({ value: one.contactId, text: colleagueWords(one) })) };
    } catch (error) {
      if (error instanceof RuleBroken) return { refused: error.message };
      throw error;
    }
  }
}

const TOLD = new Map([
  ['invited', 'They have an invitation of their own now. Thank you.'],
  [
    'asked',
    'That address is not one of your agency’s, so we have asked the coordinator, who will ring you or invite them.',
  ],
]);
