import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ActionsService } from '../../src/actions/actions.service.js';
import { globalId } from '../../src/graphql/ids.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { type Answer, type Ask, asStaff } from '../support/graphql.js';
import { aKestrel, type Kestrel, theMeeting } from '../support/kestrel.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Kestrel;
let bev: AtConsole;
let askBev: Ask;
let matter: string;
let meeting: string;

beforeAll(async () => {
  service = await startService();
  cast = await aKestrel(service);
  const called = await theMeeting(service, cast);
  matter = `/matters/${cast.matter.id}`;
  meeting = `/meetings/${called.id}`;
  service.clock.set('2026-12-02T11:20:00Z');
  await service.get(ActionsService).agree(cast.council.owen, called.id, {
    text: 'Find other employment',
    owner: { contactId: cast.priya.contactId },
    dueOn: '2026-12-11',
  });
  bev = await atConsole(service, cast.council.bev);
  askBev = await asStaff(service, cast.council.bev);
});

afterAll(async () => {
  await service.stop();
});

const idIn = (path: string): string => path.split('/').at(-1) ?? '';
const codeOf = ({ errors }: Answer): unknown => errors[0]?.extensions.code;

describe('an allegation', () => {
  it('is there for those who work on it, on every page that keeps it from others', async () => {
    const owen = await atConsole(service, cast.council.owen);
    for (const path of [
      '/matters?search=0147',
      '/meetings?when=past',
      '/actions?show=all',
      '/history',
      matter,
      meeting,
    ]) {
      const page = await owen.get(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).toMatch(/ALL-2026-0147|east team|other employment/);
    }
    const ask = await asStaff(service, cast.council.owen);
    expect((await ask('{ matter(ref: "ALL-2026-0147") { ref } }')).data).toEqual({ matter: { ref: 'ALL-2026-0147' } });
  });
});

describe('refuses', () => {
  it('the matter in lists, by search, by its id and through GraphQL, and an exclusion by the other desk', async () => {
    const id = cast.matter.id;
    const open =
      'mutation($input: OpenMatterInput!) { openMatter(input: $input) { matter { ref sensitivity facts } problems { message } } }';
    const opened = await askBev(open, { input: { kind: 'CHILD_PROTECTION', neutralTitle: 'Enquiry 3, west team' } });
    expect(opened.data.openMatter).toMatchObject({ matter: { sensitivity: 'STANDARD', facts: [] }, problems: [] });
    const hers = opened.data.openMatter.matter as { ref: string };
    expect((await bev.get('/matters')).text).toContain(hers.ref);
    for (const path of [
      '/',
      '/matters',
      '/matters?search=0147',
      '/matters?search=Enquiry+27',
      '/meetings',
      '/meetings?when=past',
      '/meetings/new',
      '/actions?show=all',
      '/history',
      `/history?object=matter:${id}`,
      `/directory/contacts/${cast.tull.contactId}`,
      `/directory/contacts/${cast.priya.contactId}`,
    ]) {
      const page = await bev.get(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).not.toMatch(/ALL-2026-0147|east team|other employment/);
    }
    for (const path of [
      matter,
      `${matter}/exclusions`,
      `${matter}/edit`,
      `${matter}/meetings/new`,
      meeting,
      `${meeting}/attendance`,
      `${meeting}/actions`,
      `${meeting}/edit`,
    ]) {
      expect([path, (await bev.get(path)).status]).toEqual([path, 404]);
    }
    const lists = await askBev(
      '{ matters { nodes { ref } } found: matters(search: "0147") { nodes { ref } } meetings { nodes { ref } } }',
    );
    expect(lists.data).toEqual({
      matters: { nodes: [{ ref: hers.ref }] },
      found: { nodes: [] },
      meetings: { nodes: [] },
    });
    for (const query of [
      '{ matter(ref: "ALL-2026-0147") { ref } }',
      '{ meeting(ref: "ALL-2026-0147-M1") { ref } }',
      `{ node(id: "${globalId('Matter', id)}") { id } }`,
      `{ node(id: "${globalId('Meeting', idIn(meeting))}") { id } }`,
    ]) {
      expect([query, codeOf(await askBev(query))]).toEqual([query, 'NOT_FOUND']);
    }
    const changes = await askBev('{ changes(first: 100) { nodes { action object } } }');
    expect(changes.errors).toEqual([]);
    expect(changes.text).not.toContain(id);
    const add =
      'mutation($input: AddExclusionInput!) { addExclusion(input: $input) { exclusion { id } problems { code } } }';
    const lifted = await askBev(add, {
      input: { matter: globalId('Matter', id), contact: globalId('Contact', cast.tom.contactId), reason: 'RELATIVE' },
    });
    expect(codeOf(lifted)).toBe('NOT_FOUND');
  });
});
