import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Actor, coordinates } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { MattersService } from '../matters/matters.service.js';
import { emptyForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { MeetingPages } from './meeting-pages.service.js';
import { MeetingsService } from './meetings.service.js';

const RESULTS = ['NOT_MET', 'AT_RISK', 'MET'] as const;

/** Meetings to look at. */
@Controller('meetings')
@Policy('staff')
export class MeetingsController {
  constructor(
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(MeetingPages) private readonly pages: MeetingPages,
  ) {}

  /** To come or over; those to come by whether enough agencies will be there. */
  @Get()
  async list(@SignedIn() by: Actor, @Res() res: Response, @Query() query: Record<string, unknown>): Promise<void> {
    const isPast = query.when === 'past';
    const quorum = RESULTS.find((one) => one === query.quorum);
    const all = await this.meetings.list(by, isPast ? { past: true } : { upcoming: true });
    const meetings = quorum === undefined ? all : all.filter(({ forecast }) => forecast?.result === quorum);
    const form = emptyForm({ when: isPast ? 'past' : '', quorum: quorum ?? '' });
    res.render('meetings/views/meetings.njk', { meetings, isPast, quorum, form, mayCall: coordinates(by) });
  }

  /** A meeting is about a matter: which one? */
  @Get('new')
  @Policy('coordinate')
  async begin(@SignedIn() by: Actor, @Res() res: Response, @Query() query: Record<string, unknown>): Promise<void> {
    const search = typeof query.search === 'string' ? query.search.slice(0, 120) : '';
    const { matters } = await this.matters.list(by, { search, status: 'OPEN' });
    res.render('meetings/views/new-meeting.njk', { matters, search, form: emptyForm({ search }) });
  }

  @Get(':id')
  async show(@SignedIn() by: Actor, @Res() res: Response, @Param('id', IdPipe) id: string): Promise<void> {
    const { view, locals } = await this.pages.meeting(by, id);
    res.render(view, locals);
  }
}
