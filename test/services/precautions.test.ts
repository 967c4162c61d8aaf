import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DirectoryService } from '../../src/directory/directory.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { globalId } from '../../src/graphql/ids.js';
import { type Matter } from '../../src/matters/matter.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { asStaff, change } from '../support/graphql.js';
import { aCouncil, aMatter, type Council } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let council: Council;
let owen: Actor;
let desk: AtConsole;
let matter: Matter;
let agencyId: string;
let chair: string;
let stranger: string;
const officers: string[] = [];

async function somebody(name: string, email: string): Promise<string> {
  const person = { name, email, agencyId, postTitle: `Post of ${name}`, confirmed: true };
  return (await service.get(ContactsService).add(owen, person)).contactId;
}

beforeAll(async () => {
  service = await startService({ settings: { mailHoldSeconds: 60 } });
  council = await aCouncil(service);
  owen = council.owen;
  const facts = { name: 'Police', category: 'POLICE', emailDomains: ['police.example'] };
  agencyId = (await service.get(AgenciesService).add(owen, facts)).id;
  matter = await aMatter(service, council.priya);
  chair = await somebody('Priya Raman', 'priya.raman@police.example');
  stranger = await somebody('Pat Stranger', 'pat@webmail.example');
  for (let n = 0; n < 11; n += 1) officers.push(await somebody(`Officer ${n}`, `officer${n}@police.example`));
  desk = await atConsole(service, owen);
});
afterAll(async () => {
  await service.stop();
});

const words = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const sent = async (): Promise<number> =>
  (await service.look(`select 1 from message where purpose = 'INVITATION' and matter_id = $1`, [matter.id])).length;
const path = (): string => `/matters/${matter.id}/meetings/new`;
const form = (invitee: string[], date: string): Record<string, string | string[]> => ({
  ...{ type: 'ALLEGATION_MEETING', date, from: '10:00', to: '11:00', mode: 'VIDEO' },
  ...{ chair, invitee, do: 'send' },
});

describe('before invitations leave', () => {
  it('more than ten people are looked at once more, then they go', async () => {
    await desk.get(path());
    const asked = await desk.post(path(), form(officers, '2026-12-02'));
    expect(asked.status).toBe(422);
    expect(words(asked.text)).toContain('12 people will be written to');
    expect(await sent()).toBe(0);
    const again = await desk.post(path(), { ...form(officers, '2026-12-02'), asked: 'yes' });
    expect(words(again.text)).toContain('There is a problem');
    const gone = await desk.post(path(), { ...form(officers, '2026-12-02'), asked: 'yes', sure: 'yes' });
    expect(gone.status).toBe(303);
    expect(await sent()).toBe(12);
  });

  it('and can be taken back for a minute', async () => {
    const asked = await desk.post(path(), { ...form(officers, '2026-12-03'), sure: 'yes' });
    const meeting = asked.headers.location ?? '';
    await desk.get(meeting);
    expect((await desk.post(`${meeting}/messages/stop`, {})).status).toBe(303);
    service.clock.pass(2);
    const starts = (await service.mail()).map(({ calendar }) => /DTSTART[^:]*:(2026\d{4})/.exec(calendar ?? '')?.[1]);
    expect(starts.filter((day) => day === '20261202')).toHaveLength(12);
    expect(starts).not.toContain('20261203');
  });

  it('an address outside the agency’s domains is looked at once more, for a late guest too', async () => {
    await desk.get(path());
    const asked = await desk.post(path(), form([stranger], '2026-12-04'));
    expect(words(asked.text)).toContain('pat@webmail.example: this address is not the agency’s');
    const called = await desk.post(path(), form([officers[0] ?? ''], '2026-12-04'));
    expect(called.status).toBe(303);
    const invitations = `${called.headers.location ?? ''}/invitations`;
    await desk.get(invitations);
    const late = { contact: stranger, role: 'ATTENDEE', required: 'NO', do: 'invite' };
    const refused = await desk.post(invitations, late);
    expect([refused.status, refused.text.includes('name="sure"')]).toEqual([422, true]);
    expect((await desk.post(invitations, { ...late, sure: 'yes' })).status).toBe(303);
  });

  it('shows why somebody should not be relied upon where they can be chosen', async () => {
    await service.look(`update contact set last_verified_at = '2026-07-01' where id = $1`, [officers[3]]);
    const when = { type: 'ALLEGATION_MEETING', date: '2026-12-07', from: '10:00', to: '11:00', mode: 'VIDEO' };
    const page = await desk.post(path(), { ...when, q: 'Officer 3', do: 'find' });
    expect(words(page.text)).toMatch(/Officer 3 .*not checked since Wednesday 1 July 2026/);
    expect(words((await desk.get(`/directory/contacts/${officers[3] ?? ''}`)).text)).toContain('not checked since');
    expect(words((await desk.get(`/directory/agencies/${agencyId}`)).text)).toContain('not checked since');
    expect(words((await desk.get('/directory/upkeep')).text)).toContain('1 person not heard of for 90 days');
  });

  it('programs see when somebody is due, and say that they looked', async () => {
    const ask = await asStaff(service, owen);
    const contact = globalId('Contact', officers[4] ?? '');
    const { data } = await ask(
      `query($id: ID!) { node(id: $id) { ... on Contact { lastVerifiedAt verificationDue } } }`,
      { id: contact },
    );
    const { lastVerifiedAt, verificationDue } = (data as { node: Record<string, string> }).node;
    expect(Date.parse(verificationDue ?? '') - Date.parse(lastVerifiedAt ?? '')).toBe(90 * 86_400_000);
    const input = {
      matter: globalId('Matter', matter.id),
      type: 'ALLEGATION_MEETING',
      slot: { date: '2026-12-08', from: '10:00', to: '11:00', mode: 'VIDEO' },
      chair: globalId('Contact', chair),
      invitees: [{ contact: globalId('Contact', stranger) }],
    };
    const refused = await change(ask, 'scheduleMeeting', input, 'meeting { id }');
    expect(refused.payload.problems).toMatchObject([{ code: 'NEEDS_CONFIRMATION', field: 'sure' }]);
    const called = await change(ask, 'scheduleMeeting', { ...input, sure: true }, 'meeting { id }');
    expect(called.payload.problems).toEqual([]);
  });
});

describe('refuses', () => {
  it('to invite where mail came back, until the address is put right', async () => {
    await service.look(
      `insert into undeliverable_address (authority_id, address_key, since, why) values ($1, 'officer5@police.example', now(), 'no such mailbox')`,
      [council.id],
    );
    const asked = await desk.post(path(), { ...form([officers[5] ?? ''], '2026-12-09'), sure: 'yes' });
    expect(asked.status).toBe(422);
    expect(words(asked.text)).toContain('no such mailbox');
  });

  it('an address that almost is a colleague’s, while adding', async () => {
    const person = { name: 'New Person', email: 'priya.ramam@police.example', agencyId, postTitle: 'Constable' };
    const add = (confirmed: boolean) =>
      service.get(UnitOfWork).run(owen, (tx) => service.get(DirectoryService).addPerson(tx, { ...person, confirmed }));
    await expect(add(false)).rejects.toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'email' });
    await expect(add(true)).resolves.toMatchObject({ name: 'New Person' });
  });
});
