import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  await aMeeting(service, cast);
});

afterAll(async () => {
  await service.stop();
});

/** What a statement answers as somebody, with the service's own role. */
function as<R>(by: Actor, sql: string, values: unknown[] = []): Promise<R[]> {
  return service.get(UnitOfWork).run(by, (tx) => tx.sql<R>(sql, values));
}

const WRITTEN_TO = 'select to_address from message where matter_id = $1';
const MAY_KNOW = `select person_id from matter_access where matter_id = $1 and person_id = $2 and until is null`;

describe('messages about a matter', () => {
  it('are seen by whoever may know of it', async () => {
    expect(await as(cast.council.owen, WRITTEN_TO, [cast.matter.id])).toHaveLength(5);
  });
});

describe('refuses', () => {
  it('to tell the other desk who was written to', async () => {
    expect(await as(cast.council.bev, WRITTEN_TO, [cast.matter.id])).toEqual([]);
  });

  it('that the other desk ends messages it cannot see', async () => {
    await as(cast.council.bev, `update message set state = 'DEAD', reason = 'WITHDRAWN'`);
    const live = await service.look(`select id from message where matter_id = $1 and state <> 'DEAD'`, [
      cast.matter.id,
    ]);
    expect(live).toHaveLength(5);
  });

  it('that whoever has lost access ends somebody else’s', async () => {
    const { priya, owen } = cast.council;
    const end = (by: Actor, who: Actor): Promise<unknown> =>
      as(by, 'select end_matter_access($1, $2)', [cast.matter.id, who.id]);
    await end(priya, owen);
    expect(await service.look(MAY_KNOW, [cast.matter.id, owen.id])).toEqual([]);
    await end(owen, priya);
    expect(await service.look(MAY_KNOW, [cast.matter.id, priya.id])).toHaveLength(1);
  });
});
