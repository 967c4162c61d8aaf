import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { type Excluded } from '../../src/matters/exclusion.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { invite, liveInvitations, modulesUpToMatters, withdrawWhenExcluded } from '../support/invitations.js';
import { aCouncil, aMatter, type Council, type Placed, someone } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

const RACES = 100;

let service: TestService;
let north: Council;
let exclusions: ExclusionsService;

beforeAll(async () => {
  service = await startService({ root: modulesUpToMatters });
  north = await aCouncil(service);
  exclusions = service.get(ExclusionsService);
  withdrawWhenExcluded(service);
});

afterAll(async () => {
  await service.stop();
});

const verdicts = async (matterId: string, keys: string[]): Promise<string[]> => {
  const sql = 'select verdict from standing where matter_id = $1 and who = any($2::text[]) order by who';
  return (await service.look<{ verdict: string }>(sql, [matterId, keys])).map(({ verdict }) => verdict);
};

/** Starts both as near to each other as it goes, the first one by `lead` turns of the loop. */
async function race<A, B>(
  lead: number,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[PromiseSettledResult<A>, PromiseSettledResult<B>]> {
  const running = first();
  running.catch(() => undefined);
  for (let turn = 0; turn < lead; turn += 1) await new Promise((next) => setImmediate(next));
  return Promise.allSettled([running, second()]);
}

describe('an exclusion and an invitation at the same moment', () => {
  const whom = ({ contactId, postId }: Placed, lead: number): Excluded => (lead % 2 === 0 ? { contactId } : { postId });

  const each = async (lead: number, exclusionFirst: boolean): Promise<'refused' | 'withdrawn'> => {
    const { id: matterId } = await aMatter(service, north.priya);
    const tull: Placed = await someone(service, north, 'Graham Tull');
    const given = { excluded: whom(tull, lead), reason: 'IS_SUBJECT' };
    const excluding = (): Promise<unknown> => exclusions.exclude(north.priya, matterId, given);
    const inviting = (): Promise<unknown> => invite(service, north.owen, matterId, tull);
    const order = exclusionFirst ? ([excluding, inviting] as const) : ([inviting, excluding] as const);
    const results = await race(lead, ...order);
    const [excluded, invited] = exclusionFirst ? results : [results[1], results[0]];
    expect(excluded.status).toBe('fulfilled');
    expect(await liveInvitations(service, matterId)).toEqual([]);
    expect(await verdicts(matterId, [`contact:${tull.contactId}`, tull.addressKey])).toEqual([
      'must_not_know',
      'must_not_know',
    ]);
    if (invited.status === 'rejected') expect(invited.reason).toMatchObject({ code: 'EXCLUDED' });
    return invited.status === 'rejected' ? 'refused' : 'withdrawn';
  };

  it.each([
    ['the exclusion starts first', true],
    ['the invitation starts first', false],
  ])(
    'never both, when %s',
    async (_, exclusionFirst) => {
      const ends = { refused: 0, withdrawn: 0 };
      for (let n = 0; n < RACES; n += 1) ends[await each(n % 12, exclusionFirst)] += 1;
      expect(Math.min(ends.refused, ends.withdrawn)).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('an exclusion and a new address at the same moment', () => {
  it('never leaves the new address allowed', async () => {
    for (let n = 0; n < 40; n += 1) {
      const { id: matterId } = await aMatter(service, north.priya);
      const tull = await someone(service, north, `Graham Tull ${n}`);
      await invite(service, north.owen, matterId, tull);
      const email = `tull.${n}@home.example`;
      const given = { excluded: { contactId: tull.contactId }, reason: 'IS_SUBJECT' };
      const [excluded, moved] = await race(
        n % 8,
        () => exclusions.exclude(north.priya, matterId, given),
        () => service.get(ContactsService).correct(north.bev, tull.contactId, { name: `Graham Tull ${n}`, email }),
      );
      expect([excluded.status, moved.status]).toEqual(['fulfilled', 'fulfilled']);
      expect(await verdicts(matterId, [`contact:${tull.contactId}`, email])).toEqual([
        'must_not_know',
        'must_not_know',
      ]);
    }
  }, 120_000);
});
