import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { FeedsService } from './feeds.service.js';

const VIEW = 'feeds/views/staff-calendar.njk';

/** The address at which a coordinator's own calendar program reads the meetings they look after. */
@Controller('calendar')
@Policy('coordinate')
export class StaffCalendarController {
  constructor(@Inject(FeedsService) private readonly feeds: FeedsService) {}

  @Get()
  async show(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    res.render(VIEW, { feed: await this.feeds.current(by) });
  }

  /** Shows the new address on the answer itself, once: a redirect would have to keep it somewhere. */
  @Post('feed')
  @HttpCode(200)
  async make(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    const address = await this.feeds.make(by);
    res.render(VIEW, { feed: await this.feeds.current(by), address });
  }

  @Post('feed/ending')
  async end(@SignedIn() by: Actor, @Req() req: Request, @Res() res: Response): Promise<void> {
    await this.feeds.end(by);
    flash(req, 'The address of your meetings no longer works');
    redirect(res, paths.calendar());
  }
}
