import { Body, Controller, Get, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Policy } from '../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../access/visitor.guard.js';
import { type Visitor } from '../access/visitor.js';
import { emptyForm, type FormBody, parseForm, submitForm } from '../web/forms.js';
import { redirect } from '../web/page.js';
import { paths, withQuery } from '../web/paths.js';
import { FeedsService } from './feeds.service.js';
import { addressForm } from './own-calendar.form.js';
import { OwnCalendarsService } from './own-calendars.service.js';

const VIEW = 'feeds/views/own-calendar.njk';
const TOLD = new Map([
  ['feed-ended', 'The address no longer works. Your calendar program drops the meetings the next time it reads it.'],
  ['read', 'We have read your calendar.'],
  ['stopped', 'We have forgotten the address of your calendar and everything we read there.'],
]);

/** A contact's own calendar, behind the code: our meetings in it, and its busy times for us. */
@Controller('my/calendar')
@Policy('link')
@NeedsCode()
export class VisitorCalendarController {
  constructor(
    @Inject(FeedsService) private readonly feeds: FeedsService,
    @Inject(OwnCalendarsService) private readonly calendars: OwnCalendarsService,
  ) {}

  @Get()
  async show(@Visiting() visitor: Visitor, @Res() res: Response, @Query('told') told?: unknown): Promise<void> {
    const said = typeof told === 'string' ? TOLD.get(told) : undefined;
    res.render(VIEW, { ...(await this.locals(visitor)), told: said, form: emptyForm() });
  }

  /** Shows the new address on the answer itself, once: a redirect would have to keep it somewhere. */
  @Post('feed')
  @HttpCode(200)
  async make(@Visiting() visitor: Visitor, @Res() res: Response): Promise<void> {
    const address = await this.feeds.make(visitor.actor);
    res.render(VIEW, { ...(await this.locals(visitor)), address, form: emptyForm() });
  }

  @Post('feed/ending')
  async end(@Visiting() visitor: Visitor, @Res() res: Response): Promise<void> {
    await this.feeds.end(visitor.actor);
    redirect(res, withQuery(paths.ownCalendar(), { told: 'feed-ended' }));
  }

  @Post('address')
  async give(@Visiting() visitor: Visitor, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { actor, contactId } = visitor;
        await this.calendars.give(actor, contactId, parseForm(addressForm, body).address);
        const state = (await this.calendars.show(actor, contactId))?.state;
        return withQuery(paths.ownCalendar(), { told: state === 'FRESH' ? 'read' : undefined });
      },
      again: async () => ({ view: VIEW, locals: await this.locals(visitor) }),
    });
  }

  @Post('address/ending')
  async stop(@Visiting() visitor: Visitor, @Res() res: Response): Promise<void> {
    await this.calendars.stop(visitor.actor, visitor.contactId);
    redirect(res, withQuery(paths.ownCalendar(), { told: 'stopped' }));
  }

  private async locals({ actor, contactId }: Visitor): Promise<object> {
    return { feed: await this.feeds.current(actor), calendar: await this.calendars.show(actor, contactId) };
  }
}
