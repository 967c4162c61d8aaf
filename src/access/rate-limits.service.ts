import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../database/clock.js';
import { Sealing } from '../database/sealing.js';
import { UnitOfWork } from '../database/unit-of-work.js';

const TAKE = `insert into rate_limit (key, points, expire) values ($1, 1, $2)
  on conflict (key) do update set
    points = case when rate_limit.expire <= $3 then 1 else rate_limit.points + 1 end,
    expire = case when rate_limit.expire <= $3 then excluded.expire else rate_limit.expire end
  returning points`;

/** How often something may be done, by whom or from where. */
export interface RateLimit {
  /** What is counted: `answer:<link>`. What stands behind it is kept as a keyed hash only. */
  readonly key: string;
  readonly most: number;
  readonly minutes: number;
}

/**
 * Limits counted in the database, so that they hold over all instances of the service and after a restart. A count stands
 * at once, outside the transaction of what it allows.
 */
@Injectable()
export class RateLimits {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealing) private readonly sealing: Sealing,
  ) {}

  /** Counts once and tells whether it was within all of the limits. */
  async within(...limits: readonly RateLimit[]): Promise<boolean> {
    let all = true;
    for (const { key, most, minutes } of limits) {
      const now = this.clock.now().getTime();
      const hashed = this.sealing.hash('limit', key).toString('base64url');
      const [row] = await this.work.outside((sql) =>
        sql<{ points: number }>(TAKE, [hashed, now + minutes * 60_000, now]),
      );
      all = all && (row?.points ?? 0) <= most;
    }
    return all;
  }
}
