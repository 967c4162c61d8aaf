import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { linkActor } from '../../src/access/found-link.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
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

  it('to tell a link holder and a partner’s system who must not be told', async () => {
    const { council, matter, leanne, tull } = cast;
    const excluded = { contactId: tull.contactId };
    await service.get(ExclusionsService).exclude(council.owen, matter.id, { excluded, reason: 'IS_SUBJECT' });
    const whom = 'select reason from exclusion where matter_id = $1';
    const link = linkActor({ authorityId: council.id, contactId: leanne.contactId }, 'Leanne Firth');
    const partner = { ...link, kind: 'PARTNER' as const, knowsAs: leanne.agencyId, agencyId: leanne.agencyId };
    expect(await as(council.owen, whom, [matter.id])).toHaveLength(1);
    for (const by of [link, partner]) {
      expect(await as(by, 'select id from matter where id = $1', [matter.id])).toHaveLength(1);
      expect(await as(by, whom, [matter.id])).toEqual([]);
    }
  });

  it('everybody the functions that may more than their caller', async () => {
    const open = await service.look(`select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname = 'public' and (p.proacl is null or p.proconfig is null
        or not exists (select 1 from unnest(p.proconfig) c where c like 'search_path=pg_catalog, public%')
        or exists (select 1 from aclexplode(p.proacl) a where a.grantee = 0))`);
    expect(open).toEqual([]);
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
