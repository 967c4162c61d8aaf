import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { localDate } from '../authorities/working-days.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { inOrder, type WorklistRow } from './worklist.js';
import { WORKLIST } from './worklist.sql.js';

/** Meetings further away than this are not yet anybody's worry: two weeks, this product's number. */
const AHEAD_MS = 14 * 24 * 3_600_000;

@Injectable()
export class WorklistService {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /** What needs a person now, most pressing first. */
  async rows(by: Actor): Promise<WorklistRow[]> {
    return this.work.run(by, async (tx) => {
      const until = new Date(tx.now.getTime() + AHEAD_MS);
      return inOrder(await tx.sql<WorklistRow>(WORKLIST, [by.authorityId, tx.now, localDate(tx.now), until]));
    });
  }
}
