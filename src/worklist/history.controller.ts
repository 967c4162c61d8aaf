import { Controller, Get, Inject, Query, Render } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type HistoryLine, HistoryService } from '../history/history.service.js';
import { NAMES } from './history.sql.js';

/** A line with what it is about, in words. */
interface NamedLine extends HistoryLine {
  readonly about: string | undefined;
}

@Controller('history')
@Policy('staff')
export class HistoryController {
  constructor(
    @Inject(HistoryService) private readonly history: HistoryService,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
  ) {}

  @Get()
  @Render('worklist/views/history.njk')
  async show(
    @SignedIn() by: Actor,
    @Query('object') object?: string,
    @Query('before') before?: string,
  ): Promise<{ lines: NamedLine[]; more: string | undefined; object: string | undefined }> {
    const older = typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : undefined;
    const about = typeof object === 'string' && object !== '' ? object : undefined;
    const { lines, more } = await this.history.lines(by, { object: about, before: older });
    const names = await this.namesOf(by, lines);
    return { lines: lines.map((line) => ({ ...line, about: names.get(line.object) })), more, object: about };
  }

  private async namesOf(by: Actor, lines: readonly HistoryLine[]): Promise<Map<string, string>> {
    const objects = [...new Set(lines.map((line) => line.object))];
    const rows = await this.work.run(by, (tx) =>
      tx.sql<{ object: string; name: string | null }>(NAMES, [by.authorityId, objects]),
    );
    return new Map(rows.flatMap(({ object, name }) => (name === null ? [] : [[object, name] as const])));
  }
}
