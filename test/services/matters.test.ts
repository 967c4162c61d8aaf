import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Actor, systemActor } from '../../src/access/actor.js';
import { AuthoritiesService } from '../../src/authorities/authorities.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { NotAllowed, NotFound, OutOfDate } from '../../src/errors.js';
import { Listeners } from '../../src/history/listeners.js';
import { RuleBroken } from '../../src/errors.js';
import { MattersService, type OpenedMatter } from '../../src/matters/matters.service.js';
import { ReadersService } from '../../src/matters/readers.service.js';
import { modulesUpToMatters } from '../support/invitations.js';
import { aCouncil, aMatter, type Council, someone } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let north: Council;
let south: Council;
let matters: MattersService;
let readers: ReadersService;
let work: UnitOfWork;

beforeAll(async () => {
  service = await startService({ root: modulesUpToMatters });
  north = await aCouncil(service);
  south = await aCouncil(service, 'southshire.example');
  matters = service.get(MattersService);
  readers = service.get(ReadersService);
  work = service.get(UnitOfWork);
});

afterAll(async () => {
  await service.stop();
});

const facts = (by: Actor, given: Partial<OpenedMatter> = {}): OpenedMatter => ({
  kind: 'CHILD_PROTECTION',
  sensitivity: 'STANDARD',
  neutralTitle: 'Family 7',
  coordinatorId: by.id,
  facts: [],
  externalIds: [],
  ...given,
});

describe('an authority', () => {
  it('starts with meeting types, and a quorum rule in force for each', async () => {
    const authorities = service.get(AuthoritiesService);
    await work.run(north.owen, async (tx) => {
      const types = await authorities.meetingTypes(tx);
      expect(types.map(({ code }) => code)).toContain('ALLEGATION_MEETING');
      expect(types).toHaveLength(11);
      for (const { quorumRuleId } of types) {
        expect((await authorities.quorumRule(tx, quorumRuleId, MONDAY)).version).toBe(1);
      }
      const allegation = await authorities.meetingType(tx, 'ALLEGATION_MEETING');
      const required = (known: string[]): (string | undefined)[] =>
        allegation.suggestedFor(known).flatMap((one) => (one.required ? [one.category ?? one.role] : []));
      expect(required([])).toEqual(['LADO_SERVICE', 'EMPLOYER']);
      expect(required(['POSSIBLE_OFFENCE'])).toEqual(['LADO_SERVICE', 'EMPLOYER', 'POLICE']);
    });
  });

  it('is in the history with its first staff', async () => {
    const rows = await service.look<{ action: string }>(
      'select action from event where authority_id = $1 order by seq',
      [south.id],
    );
    expect(rows.slice(0, 2).map(({ action }) => action)).toEqual(['authority.created', 'staff.added']);
  });

  it('counts references by year, without a gap when many ask at once', async () => {
    const authorities = service.get(AuthoritiesService);
    const many = Array.from({ length: 12 }, () => work.run(south.bev, (tx) => authorities.nextReference(tx, 'ACTION')));
    expect((await Promise.all(many)).sort()).toEqual(
      Array.from({ length: 12 }, (_, n) => `ACT-2026-${String(n + 1).padStart(4, '0')}`),
    );
  });
});

describe('a matter', () => {
  it('opens with the next reference and loads as it was saved', async () => {
    const matter = await aMatter(service, north.priya);
    expect(matter.ref).toBe('ALL-2026-0147');
    const loaded = await matters.find(north.owen, matter.id);
    expect(loaded).toEqual(matter);
    const [event] = await service.look<{ action: string; matter_id: string }>(
      'select action, matter_id from event where object = $1',
      [`matter:${matter.id}`],
    );
    expect(event).toEqual({ action: 'matter.opened', matter_id: matter.id });
  });

  it('of an allegation cannot be found by anybody outside the LADO side', async () => {
    const { id, ref } = await aMatter(service, north.priya);
    const before = await matters.list(north.bev);
    await expect(matters.find(north.bev, id)).rejects.toBeInstanceOf(NotFound);
    await expect(matters.correct(north.bev, id, facts(north.bev))).rejects.toBeInstanceOf(NotFound);
    await expect(readers.readers(north.bev, id)).rejects.toBeInstanceOf(NotFound);
    expect((await matters.list(north.bev, { search: ref })).total).toBe(0);
    expect((await matters.list(north.bev, { kind: 'ALLEGATION' })).matters).toEqual([]);
    expect((await matters.list(north.owen, { search: ref })).matters.map((one) => one.id)).toEqual([id]);
    await aMatter(service, north.priya);
    expect((await matters.list(north.bev)).total).toBe(before.total);
    const seen = await work.run(north.bev, (tx) => tx.sql('select 1 from event where matter_id = $1', [id]));
    expect(seen).toEqual([]);
  });

  it('is nothing to another authority, not even to its service', async () => {
    const { id } = await aMatter(service, north.priya);
    for (const by of [south.priya, systemActor(south.id)]) {
      await expect(matters.find(by, id)).rejects.toBeInstanceOf(NotFound);
      expect((await matters.list(by)).matters.map((one) => one.id)).not.toContain(id);
    }
  });

  it('of child protection is read by its desk and the creator only', async () => {
    const { id } = await matters.open(north.bev, facts(north.bev));
    expect((await readers.readers(north.bev, id)).map(({ name }) => name)).toEqual(['Bev']);
    await expect(matters.find(north.owen, id)).rejects.toBeInstanceOf(NotFound);
  });

  it('that is highly restricted is read by those named, and every reading is kept', async () => {
    const { id } = await aMatter(service, north.priya, 'ALLEGATION', 'HIGHLY_RESTRICTED');
    await expect(matters.find(north.owen, id)).rejects.toBeInstanceOf(NotFound);
    await readers.admit(north.priya, id, north.owen.id);
    await matters.read(north.owen, id);
    const rows = await service.look(`select 1 from event where matter_id = $1 and action = 'matter.read'`, [id]);
    expect(rows).toHaveLength(1);
    await readers.dismiss(north.priya, id, north.owen.id);
    await expect(matters.find(north.owen, id)).rejects.toBeInstanceOf(NotFound);
  });

  it('is corrected, handed over, closed and opened again', async () => {
    const { id } = await aMatter(service, north.priya);
    const corrected = await matters.correct(north.owen, id, facts(north.owen, { facts: ['S47'] }), 1);
    expect(corrected).toMatchObject({ neutralTitle: 'Family 7', facts: ['S47'], version: 2 });
    await readers.handOver(north.priya, id, north.owen.id);
    expect((await matters.close(north.owen, id, 'No further action')).closedAt).toEqual(MONDAY);
    expect((await matters.reopen(north.owen, id, 'A second report')).status).toBe('OPEN');
    const rows = await service.look<{ action: string }>('select action from event where matter_id = $1 order by seq', [
      id,
    ]);
    expect(rows.map(({ action }) => action)).toEqual([
      'matter.opened',
      'matter.corrected',
      'matter.handed-over',
      'matter.closing',
      'matter.closed',
      'matter.reopened',
    ]);
  });

  it('is found by part of reference, title or case number, and in pages', async () => {
    const wanted = await matters.open(
      north.bev,
      facts(north.bev, { neutralTitle: '100% of A_b', externalIds: ['LCS-77'] }),
    );
    for (const search of ['100%', 'a_B', 'lcs-77', wanted.ref.slice(3)]) {
      expect((await matters.list(north.bev, { search })).matters.map(({ id }) => id)).toContain(wanted.id);
    }
    expect((await matters.list(north.bev, { search: '0_b' })).total).toBe(0);
    for (let n = 0; n < 26; n += 1) await matters.open(north.bev, facts(north.bev, { neutralTitle: `Of many ${n}` }));
    const second = await matters.list(north.bev, { search: 'of many', page: 2 });
    expect(second).toMatchObject({ total: 26, pages: 2, page: 2 });
    expect(second.matters.map(({ neutralTitle }) => neutralTitle)).toEqual(['Of many 0']);
  });

  it('lets in somebody new at its desk', async () => {
    const { id } = await aMatter(service, north.priya);
    const secret = await aMatter(service, north.priya, 'ALLEGATION', 'HIGHLY_RESTRICTED');
    const joan = randomUUID();
    await service.look(
      `insert into staff (authority_id, id, name, email, roles, desk, created_at)
       values ($1, $2, 'Joan', 'joan@northshire.example', '{COORDINATOR}', 'LADO', now())`,
      [north.id, joan],
    );
    await work.run(north.bev, (tx) => tx.record({ action: 'staff.added', object: `staff:${joan}`, details: {} }));
    const actor = await service.staff('joan@northshire.example');
    expect((await matters.find(actor, id)).id).toBe(id);
    await expect(matters.find(actor, secret.id)).rejects.toBeInstanceOf(NotFound);
  });

  it('lists those in which a contact has been told something', async () => {
    const tom = await someone(service, north, 'Tom Beck');
    const { id } = await aMatter(service, north.priya);
    await service.look(
      `insert into standing (authority_id, matter_id, who, verdict) values ($1, $2, 'contact:' || $3::text, 'may_know')`,
      [north.id, id, tom.contactId],
    );
    expect((await matters.forContact(north.owen, tom.contactId)).map((one) => one.id)).toEqual([id]);
    expect(await matters.forContact(north.bev, tom.contactId)).toEqual([]);
  });
});

describe('refuses', () => {
  const code = (what: string): object => ({ name: 'RuleBroken', code: what });

  it('an allegation opened or run from another side', async () => {
    const given = facts(north.bev, { kind: 'ALLEGATION' });
    await expect(matters.open(north.bev, given)).rejects.toBeInstanceOf(NotAllowed);
    await expect(matters.open(north.priya, given)).rejects.toMatchObject(code('INVALID'));
    const { id } = await aMatter(service, north.priya);
    await expect(readers.admit(north.priya, id, north.bev.id)).rejects.toMatchObject(code('INVALID'));
    const naming = { ...facts(north.priya, { kind: 'ALLEGATION' }), readers: [north.bev.id] };
    await expect(matters.open(north.priya, naming)).rejects.toMatchObject({ ...code('INVALID'), field: 'readers' });
    await expect(readers.dismiss(north.owen, id, north.priya.id)).rejects.toMatchObject(code('MOVE_NOT_ALLOWED'));
  });

  it('whoever does not run meetings', async () => {
    const chair: Actor = { ...north.owen, roles: ['CHAIR'] };
    await expect(matters.open(chair, facts(north.owen))).rejects.toBeInstanceOf(NotAllowed);
  });

  it.each<[string, Partial<OpenedMatter>, string]>([
    ['an empty title', { neutralTitle: ' ' }, 'REQUIRED'],
    ['a title of 10,000 characters', { neutralTitle: 'x'.repeat(10_000) }, 'TOO_LONG'],
    ['an address in the title', { neutralTitle: 'Ask a@b.example' }, 'UNSAFE_TEXT'],
    ['a link in the title', { neutralTitle: 'See https://x.example' }, 'UNSAFE_TEXT'],
    ['a title that turns round', { neutralTitle: 'Family \u202e7' }, 'UNSAFE_TEXT'],
    ['an unknown kind', { kind: 'DIVORCE' }, 'INVALID'],
    ['an unknown sensitivity', { sensitivity: 'SECRET' }, 'INVALID'],
    ['an unknown fact', { facts: ['RUMOUR'] }, 'INVALID'],
    ['a coordinator of another authority', { coordinatorId: 'south' }, 'INVALID'],
  ])('%s', async (_, given, problem) => {
    const before = (await matters.list(north.bev)).total;
    const coordinator = given.coordinatorId === 'south' ? { coordinatorId: south.bev.id } : {};
    await expect(matters.open(north.bev, facts(north.bev, { ...given, ...coordinator }))).rejects.toMatchObject(
      code(problem),
    );
    expect((await matters.list(north.bev)).total).toBe(before);
  });

  it('a page that shows an older version', async () => {
    const { id } = await matters.open(north.bev, facts(north.bev));
    await matters.correct(north.bev, id, facts(north.bev, { facts: ['S47'] }), 1);
    await expect(matters.correct(north.bev, id, facts(north.bev), 1)).rejects.toBeInstanceOf(OutOfDate);
  });

  it('closing without a reason, twice, or while somebody above says no', async () => {
    const { id } = await matters.open(north.bev, facts(north.bev));
    await expect(matters.close(north.bev, id, ' ')).rejects.toMatchObject(code('REASON_REQUIRED'));
    service.get(Listeners).on('matter.closing', async (_, { object, details }) => {
      if (object === `matter:${id}` && details.reason === 'Too early') {
        throw new RuleBroken('MOVE_NOT_ALLOWED', 'An action is open');
      }
    });
    await expect(matters.close(north.bev, id, 'Too early')).rejects.toMatchObject(code('MOVE_NOT_ALLOWED'));
    await matters.close(north.bev, id, 'Done');
    await expect(matters.close(north.bev, id, 'Done')).rejects.toMatchObject(code('MOVE_NOT_ALLOWED'));
  });

  it('access given by somebody who has none', async () => {
    const { id } = await aMatter(service, north.priya);
    const taking = work.run(north.bev, (tx) => matters.know(tx, id, [north.bev.id]));
    await expect(taking).rejects.toThrow(/given only by somebody who has it/);
    await expect(matters.find(north.bev, id)).rejects.toBeInstanceOf(NotFound);
  });
});
