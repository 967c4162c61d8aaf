import { Controller, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request, { type Agent, type Response } from 'supertest';
import { needsSignIn } from '../../src/access/policy.js';
import { RoutePolicies, type ServedRoute } from '../../src/access/route-policies.service.js';
import { Policy } from '../../src/access/signed-in.guard.js';
import { ActionsService } from '../../src/actions/actions.service.js';
import { AppModule } from '../../src/app.module.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ClaimsService } from '../../src/directory/handover/claims.service.js';
import { ReachingService } from '../../src/directory/reaching/reaching.service.js';
import { ReorganisationsService } from '../../src/directory/reorganisation/reorganisations.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { FeedsService } from '../../src/feeds/feeds.service.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { createApp } from '../../src/web/create-app.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { aToken } from '../support/graphql.js';
import { aHeldReply } from '../support/held-reply.js';
import { aKestrel, type Kestrel, type Person, theMeeting } from '../support/kestrel.js';
import { aCouncil, type Placed } from '../support/matters.js';
import { type CaughtMail, startService, type TestService } from '../support/service.js';
import { aBrowser, digest, prove } from '../support/visitor.js';

let service: TestService;
let cast: Kestrel;
let owen: AtConsole;
let routes: ServedRoute[];
let ids: Record<string, string>;

beforeAll(async () => {
  service = await startService();
  cast = await aKestrel(service);
  routes = service.get(RoutePolicies).routes();
  ids = await oneOfEach();
  owen = await atConsole(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

async function theId(table: string, where = 'true'): Promise<string> {
  const [row] = await service.look<{ id: string }>(`select id from ${table} where ${where} order by id limit 1`);
  return row?.id ?? '';
}

const secretIn = ({ link }: CaughtMail): string | undefined => link?.split('/i/')[1];

/** One real thing of every kind that an address can name, by the part of the address before it. */
async function oneOfEach(): Promise<Record<string, string>> {
  const { owen: by } = cast.council;
  await service.get(ExclusionsService).exclude(by, cast.matter.id, {
    excluded: { contactId: cast.tull.contactId },
    reason: 'IS_SUBJECT',
  });
  const meeting = await theMeeting(service, cast);
  const [caught] = (await service.mail(cast.sadia.address)).map(secretIn);
  const team = await service.get(AgenciesService).addTeam(by, cast.mark.agencyId, 'Child abuse, East');
  const [first, second] = [await theId('post', `title like '%DC%'`), await theId('post', `title like '%DS%'`)];
  const deputy = await service.get(DeputiesService).add(by, first, { postId: second });
  const spocPostId = await theId('post', `title = 'Team manager'`);
  const reaching = { spocPostId, outOfHoursPostId: null, chaseManagerPostId: null };
  await service.get(ReachingService).answerBy(by, cast.sadia.agencyId, reaching);
  const claimed = { postId: spocPostId, heldBy: cast.alan.contactId, contactId: cast.mark.contactId };
  const claim = await service.get(UnitOfWork).run(by, (tx) => service.get(ClaimsService).makeIn(tx, claimed));
  const west = await service.get(AgenciesService).addTeam(by, cast.mark.agencyId, 'Child abuse, West');
  const renaming = { kind: 'RENAME' as const, teamIds: [west.id], intoTeamId: null, names: ['West and Coast'] };
  const reorganisation = await service
    .get(ReorganisationsService)
    .decide(
      by,
      cast.mark.agencyId,
      { ...renaming, postId: null, destinations: {} },
      { effectiveOn: '2027-01-04', confirmed: false },
    );
  const token = await aToken(service, by, cast.tom.agencyId);
  service.clock.set('2026-12-02T11:20:00Z');
  const agreed = { text: 'Send the rota', owner: { contactId: cast.sadia.contactId }, dueOn: '2026-12-11' };
  const action = await service.get(ActionsService).agree(by, meeting.id, agreed);
  await service.mail();
  await offerTo(cast.sadia, action.id);
  service.clock.set('2026-12-01T09:00:00Z');
  return {
    claims: claim.id,
    'address-changes': await anAddressChange(),
    offers: await theId('action_offer'),
    reorganisations: reorganisation.id,
    meetings: meeting.id,
    replies: await aHeldReply(service, by, meeting, cast.sadia.contactId),
    proposals: await theId('proposal'),
    matters: cast.matter.id,
    actions: action.id,
    messages: await theId('message', 'meeting_id is not null'),
    exclusions: await theId('exclusion'),
    invitations: await theId('invitation', `contact_id = '${cast.sadia.contactId}'`),
    readers: cast.council.priya.id,
    contacts: cast.joan.contactId,
    agencies: cast.mark.agencyId,
    teams: team.id,
    inboxes: cast.inboxId,
    posts: first,
    holdings: await theId('holding'),
    deputies: deputy.id,
    partners: token.id,
    feeds: (await service.get(FeedsService).make(by)).split('/feeds/')[1] ?? '',
    mailbox: await theId('caught_mail'),
    i: caught ?? '',
    'my/meetings': await theId('invitation', `contact_id = '${cast.sadia.contactId}'`),
  };
}

/** Somebody has asked for another address. */
async function anAddressChange(): Promise<string> {
  const rows = await service.look<{ id: string }>(
    `insert into address_change (authority_id, id, contact_id, email, address_key, status, made_at)
       select authority_id, gen_random_uuid(), id, 'other@kestrel.example', 'other@kestrel.example', 'MADE', now()
       from contact where id = $1 returning id`,
    [cast.joan.contactId],
  );
  return rows[0]?.id ?? '';
}

/** An action is offered to somebody, as when its owner has left and they hold the post now. */
async function offerTo(person: Person, actionId: string): Promise<void> {
  await service.look(
    `insert into standing select authority_id, matter_id, k, 'may_know' from action,
       unnest(array['contact:' || $2::text, 'agency:' || $3::text, $4::text]) k where id = $1 on conflict do nothing`,
    [actionId, person.contactId, person.agencyId, person.address],
  );
  await service.look(
    `insert into action_offer (authority_id, id, action_id, matter_id, contact_id, agency_id, contact_key, agency_key, address_key,
       status, offered_at) select authority_id, gen_random_uuid(), id, matter_id, $2::text::uuid, $3::text::uuid,
       'contact:' || $2, 'agency:' || $3, $4,
       'OFFERED', now() from action where id = $1`,
    [actionId, person.contactId, person.agencyId, person.address],
  );
}

/** The address with real ids; fails for a parameter nothing is known of. */
function real(path: string): string {
  const parts = path.split('/');
  const query = path.endsWith('/merger') ? `?into=${cast.alan.contactId}` : '';
  const named = parts
    .map((part, at) => {
      if (!part.startsWith(':')) return part;
      const before = parts[at - 1] ?? '';
      const id = ids[`${parts[at - 2] ?? ''}/${before}`] ?? ids[before] ?? '';
      if (id === '') throw new Error(`Nothing is known to put into ${path}`);
      return id;
    })
    .join('/');
  return named + query;
}

/** Every input of the forms that would otherwise be refused before anything is looked for, filled in well. */
const filledIn = (): Record<string, string> => ({
  version: '1',
  name: 'Sam Stranger',
  email: 'sam@southshire.example',
  postTitle: 'Head teacher',
  agencyName: 'Southshire Primary',
  agencyCategory: 'EDUCATION',
  fromOn: '2026-12-01',
  away: 'yes',
  into: cast.alan.contactId,
  category: 'EDUCATION',
  endedOn: '2026-12-01',
  confirmed: 'yes',
  reason: 'We have nothing to do with it',
  address: 'https://calendars.example/calendar.ics',
});

const ofStaff = (): ServedRoute[] => routes.filter(({ policy }) => policy !== undefined && needsSignIn(policy));
const placed = (person: Person): Placed => person as unknown as Placed;

/** What the tables hold, but for sessions, when a feed was last read, and the history, which `happened` reads. */
async function held(): Promise<Record<string, string>> {
  const { login_session, event, feed, ...tables } = await digest(service);
  expect([login_session, event, feed]).not.toContain(undefined);
  return tables;
}

const happened = async (): Promise<string[]> =>
  (await service.look<{ action: string }>('select action from event order by seq')).map(({ action }) => action);

/** A browser without anybody in it, with the token of its own session. */
async function nobody(): Promise<{ browser: Agent; _csrf: string }> {
  const browser = aBrowser(service);
  const page = await browser.get('/sign-in');
  return { browser, _csrf: /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '' };
}

describe('every route', () => {
  it('says who may use it, and the web server answers at no other address', () => {
    expect(routes.length).toBeGreaterThan(70);
    expect(routes.filter(({ policy }) => policy === undefined)).toEqual([]);
    const layers = (service.app.getHttpAdapter().getInstance() as { router: { stack: RouterLayer[] } }).router.stack;
    const served = layers.flatMap(({ route }) =>
      route === undefined ? [] : Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`),
    );
    expect(served.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('of staff shows somebody who is not signed in the sign-in page, and does nothing', async () => {
    const { browser, _csrf } = await nobody();
    const [before, events] = [await held(), await happened()];
    for (const { method, path } of ofStaff()) {
      const answer: Response =
        method === 'GET' ? await browser.get(real(path)) : await browser.post(real(path)).type('form').send({ _csrf });
      expect([method, path, answer.status, answer.headers.location?.split('?')[0]]).toEqual([
        method,
        path,
        303,
        '/sign-in',
      ]);
      const bare = request(service.app.getHttpServer());
      const without = await (method === 'GET' ? bare.get(real(path)) : bare.post(real(path)));
      expect([method, path, [303, 401, 403, 422].includes(without.status)]).toEqual([method, path, true]);
    }
    expect([await held(), await happened()]).toEqual([before, events]);
  });

  it('of programs shows nothing without a token', async () => {
    const { browser } = await nobody();
    const ofPrograms = routes.filter(({ policy }) => policy === 'partner');
    expect(ofPrograms.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /schema.gql']);
    for (const { path } of ofPrograms) expect([303, 401]).toContain((await browser.get(real(path))).status);
  });

  it('that is read changes nothing but sessions and the audit of reads', async () => {
    const browser = aBrowser(service);
    await prove(service, browser, ids.i ?? '', placed(cast.sadia));
    const [before, events] = [await held(), await happened()];
    for (const { method, path, policy } of routes) {
      if (method !== 'GET') continue;
      const own = policy === 'link';
      const answer = own ? await browser.get(real(path)) : await owen.get(real(path));
      const elsewhere = ['/my/code', '/sign-in/code'].includes(path);
      expect([path, answer.status]).toEqual([path, elsewhere ? 303 : 200]);
    }
    expect(await held()).toEqual(before);
    const read = (await happened()).slice(events.length);
    expect(read.filter((action) => !action.endsWith('.read'))).toEqual([]);
  });

  it('that names something is not there for staff of another authority', async () => {
    const other = await aCouncil(service, 'southshire.example');
    const stranger = await atConsole(service, other.priya);
    const [before, events] = [await held(), await happened()];
    for (const { method, path } of ofStaff().filter(({ path: one }) => one.includes('/:'))) {
      const answer = await (method === 'GET' ? stranger.get(real(path)) : stranger.post(real(path), filledIn()));
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect([await held(), await happened()]).toEqual([before, events]);
  });

  it('of a link holder is closed to somebody without a visit', async () => {
    const { browser } = await nobody();
    for (const { path, policy } of routes.filter(({ method }) => method === 'GET')) {
      if (policy !== 'link' || !path.startsWith('/my') || path === '/my/left') continue;
      expect([path, (await browser.get(real(path))).status]).toEqual([path, 403]);
    }
  });
});

interface RouterLayer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

@Controller('bare')
class BareController {
  @Get()
  show(): string {
    return 'Anybody sees this';
  }

  @Post(':id')
  @Policy('staff')
  change(): string {
    return 'Only staff see this';
  }
}

describe('refuses', () => {
  it('to start with a route that does not say who may use it, and names it', async () => {
    @Module({ imports: [AppModule.with(service.settings)], controllers: [BareController] })
    class WithBareRoute {}
    const app = await createApp({ module: WithBareRoute }, service.settings, false);
    await expect(app.init()).rejects.toThrow('Say with @Policy who may use GET /bare (BareController.show)');
    await app.close();
  });
});
