import { Controller, Get, Inject, Query, Render } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { type HistoryLine, HistoryService } from './history.service.js';

@Controller('history')
@Policy('staff')
export class HistoryController {
  constructor(@Inject(HistoryService) private readonly history: HistoryService) {}

  @Get()
  @Render('history/views/history.njk')
  async show(
    @SignedIn() by: Actor,
    @Query('object') object?: string,
    @Query('before') before?: string,
  ): Promise<{ lines: HistoryLine[]; more: string | undefined; object: string | undefined }> {
    const older = before !== undefined && /^\d{1,18}$/.test(before) ? before : undefined;
    const about = object === '' ? undefined : object;
    return { ...(await this.history.lines(by, { object: about, before: older })), object: about };
  }
}
