import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PartnerToken } from '../../src/access/partner-token.js';
import { PartnersService } from '../../src/access/partners.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { NotAllowed } from '../../src/errors.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { aToken, staffAgent, withToken } from '../support/graphql.js';
import { aCast, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let partners: PartnersService;
const ME = '{ me { kind name scopes agency { id } } }';

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  partners = service.get(PartnersService);
});

afterAll(async () => {
  await service.stop();
});

const tokenIn = (page: string): string => /qrt_test_[0-9A-Za-z]{57}/.exec(page)?.[0] ?? '';

describe('a token', () => {
  it('comes back from the database as it was saved', async () => {
    const { id } = await aToken(service, cast.council.owen, cast.tom.agencyId);
    const work = service.get(UnitOfWork);
    const before = await work.run(cast.council.owen, (tx) => tx.find(PartnerToken, id));
    before.revoke(new Date('2026-12-01T00:00:00Z'));
    before.lastUsedOn = '2026-11-30';
    await work.run(cast.council.owen, (tx) => tx.save(before));
    const after = await work.run(cast.council.owen, (tx) => tx.find(PartnerToken, id));
    expect(after).toBeInstanceOf(PartnerToken);
    expect(after).toEqual(before);
  });

  it('says who asks, and is kept nowhere', async () => {
    const { token, id } = await aToken(service, cast.council.owen, cast.tom.agencyId);
    const { data } = await withToken(service, token)(ME);
    expect(data.me).toMatchObject({ kind: 'PARTNER', name: 'nhs-trust' });
    const [row] = await service.look<{ row: string }>('select t::text as row from partner_token t where id = $1', [id]);
    const [events] = await service.look<{ text: string }>(`select string_agg(e::text, '') as text from event e`);
    for (const kept of [row?.row, events?.text]) {
      expect(kept).not.toContain(token.slice(17, 60));
      expect(kept).not.toContain(Buffer.from(token).toString('hex'));
    }
  });

  it('shows when it was last used, a day at a time', async () => {
    const { token, id } = await aToken(service, cast.council.owen, cast.tom.agencyId);
    const used = async (): Promise<string | null | undefined> =>
      (await partners.list(cast.council.owen)).find((one) => one.id === id)?.lastUsedOn;
    expect(await used()).toBeNull();
    await withToken(service, token)(ME);
    expect(await used()).toBe('2026-11-30');
  });

  it('is issued, shown once and taken back on the page', async () => {
    const agent = await staffAgent(service, cast.council.owen);
    const page = await agent.get('/partners');
    const _csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const fields = { _csrf, agency: cast.tom.agencyId, name: 'Rio at the Trust', scopes: ['invitations:own-agency'] };
    const answer = await agent
      .post('/partners')
      .type('form')
      .send({ ...fields, expiresOn: '2027-05-30' });
    const token = tokenIn(answer.text);
    expect([answer.status, answer.headers['cache-control']]).toEqual([201, 'no-store']);
    expect((await withToken(service, token)(ME)).data.me.scopes).toEqual(['invitations:own-agency']);
    expect((await agent.get('/partners')).text).not.toContain(token.slice(17, 60));
    const [kept] = (await partners.list(cast.council.owen)).filter(({ name }) => name === 'Rio at the Trust');
    const revoked = await agent
      .post(`/partners/${kept?.id ?? ''}/revocation`)
      .type('form')
      .send({ _csrf });
    expect([revoked.status, revoked.headers.location]).toEqual([303, '/partners']);
    expect((await withToken(service, token)(ME)).status).toBe(401);
  });

  it('stops with its agency', async () => {
    const agency = await service
      .get(AgenciesService)
      .add(cast.council.owen, { name: 'Short-lived', category: 'OTHER' });
    const { token } = await aToken(service, cast.council.owen, agency.id);
    expect((await withToken(service, token)(ME)).status).toBe(200);
    await service.get(AgenciesService).end(cast.council.owen, agency.id, { on: '2026-11-30', confirmed: true });
    expect((await withToken(service, token)(ME)).status).toBe(401);
  });
});

describe('refuses', () => {
  it('no token, a made-up one, one with a letter changed, one as a cookie or in another way', async () => {
    const { token } = await aToken(service, cast.council.owen, cast.tom.agencyId);
    const changed = token.slice(0, 30) + (token[30] === 'a' ? 'b' : 'a') + token.slice(31);
    for (const wrong of ['', 'nope', changed, `${token}x`, token.replace('qrt_live', 'qrt_test').slice(0, -1)]) {
      expect((await withToken(service, wrong)(ME)).errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    }
    expect((await withToken(service, token)(ME, {}, { Authorization: token })).status).toBe(401);
    expect((await withToken(service, token)(ME, {}, { Authorization: `Basic ${token}` })).status).toBe(401);
  });

  it('a token of the same key with another secret', async () => {
    const one = (await aToken(service, cast.council.owen, cast.tom.agencyId)).token;
    await service.look(`update partner_token set secret_hash = sha256('another') where key_id = $1`, [
      one.slice(9, 17),
    ]);
    expect((await withToken(service, one)(ME)).status).toBe(401);
  });

  it('a token that was taken back, within a second though it was just used, and one that has ended', async () => {
    const revoked = await aToken(service, cast.council.owen, cast.tom.agencyId);
    const ask = withToken(service, revoked.token);
    expect((await ask(ME)).status).toBe(200);
    await partners.revoke(cast.council.owen, revoked.id);
    expect((await ask(ME)).status).toBe(401);
    const behind = await aToken(service, cast.council.owen, cast.tom.agencyId);
    expect((await withToken(service, behind.token)(ME)).status).toBe(200);
    await service.look('update partner_token set revoked_at = now() where id = $1', [behind.id]);
    await new Promise((done) => setTimeout(done, 1_000));
    expect((await withToken(service, behind.token)(ME)).status).toBe(401);
    const ended = await aToken(service, cast.council.owen, cast.tom.agencyId);
    service.clock.set('2027-03-15T11:20:00Z');
    expect((await withToken(service, ended.token)(ME)).status).toBe(401);
    service.clock.set('2026-11-30T11:20:00Z');
    expect((await withToken(service, ended.token)(ME)).status).toBe(200);
  });

  it('those who do not keep tokens, partners among them', async () => {
    await service.look(`update staff set roles = '{CHAIR}' where id = $1`, [cast.council.bev.id]);
    const agent = await staffAgent(service, cast.council.bev);
    expect((await agent.get('/partners')).status).toBe(403);
    const chair = { ...cast.council.bev, roles: ['CHAIR' as const] };
    const given = { agencyId: cast.tom.agencyId, name: 'x', scopes: [], expiresAt: new Date('2027-01-01T00:00:00Z') };
    await expect(partners.issue(chair, given)).rejects.toThrow(NotAllowed);
    await expect(partners.list(chair)).rejects.toThrow(NotAllowed);
    await expect(
      partners.revoke({ ...chair, kind: 'PARTNER', roles: ['COORDINATOR'] }, cast.matter.id),
    ).rejects.toThrow(NotAllowed);
  });

  it('a form that lacks something, and keeps what was typed', async () => {
    const agent = await staffAgent(service, cast.council.owen);
    const page = await agent.get('/partners');
    const _csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const answer = await agent.post('/partners').type('form').send({ _csrf, name: 'Rio', expiresOn: '2030-01-01' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Select the agency the system belongs to');
    expect(answer.text).toContain('value="Rio"');
    const late = {
      _csrf,
      agency: cast.tom.agencyId,
      name: 'Rio',
      scopes: 'actions:own-agency',
      expiresOn: '2030-01-01',
    };
    expect((await agent.post('/partners').type('form').send(late)).text).toContain('Choose an end within a year');
    const strange = await agent
      .post('/partners')
      .type('form')
      .send({ ...late, agency: cast.matter.id, expiresOn: '2027-01-01' });
    expect([strange.status, tokenIn(strange.text)]).toEqual([422, '']);
  });

  it('the schema to whoever has not signed in', async () => {
    expect((await service.http.get('/schema.gql')).status).toBe(401);
    const { token } = await aToken(service, cast.council.owen, cast.tom.agencyId);
    const schema = await service.http.get('/schema.gql').set('Authorization', `Bearer ${token}`);
    expect([schema.status, schema.text.includes('type Meeting implements Node')]).toEqual([200, true]);
  });
});
