import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Sweeps } from '../database/sweeps.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { KEPT_MS as ANSWERS_MS } from '../graphql/kept-answers.js';
import { systemActor } from './actor.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long each is of use to anybody: a visit lasts eight hours, and who looked when is asked for at most a month; a form
 * is good for two hours; no more than ten codes are sent in a day, so a day of them is counted.
 */
const KEPT: readonly { readonly forget: string; readonly keptMs: number }[] = [
  { forget: 'delete from visit where authority_id = $1 and opened_at < $2', keptMs: 30 * DAY_MS },
  { forget: 'delete from used_nonce where authority_id = $1 and used_at < $2', keptMs: DAY_MS },
  { forget: 'delete from emailed_code where authority_id = $1 and created_at < $2', keptMs: DAY_MS },
  { forget: 'delete from kept_answer where authority_id = $1 and created_at < $2', keptMs: ANSWERS_MS },
];

/** Traces of people and programs go when nobody needs them any more, in every authority. */
@Injectable()
export class Forgetting implements OnModuleInit {
  private last = 0;

  constructor(
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.sweeps.add((now) => this.run(now));
  }

  /** Once an hour is often enough: the tables are read whole. What failed is tried again with the next sweep. */
  private async run(now: Date): Promise<void> {
    if (now.getTime() - this.last < HOUR_MS) return;
    const authorities = await this.work.outside((sql) => sql<{ id: number }>('select id from authority order by id'));
    for (const { id } of authorities) {
      await this.work.run(systemActor(id), async (tx) => {
        for (const { forget, keptMs } of KEPT) {
          await tx.sql(forget, [id, new Date(now.getTime() - keptMs)]);
        }
      });
    }
    this.last = now.getTime();
  }
}
