import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  Param,
  Post,
  Req,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { type Response } from 'express';
import session from 'express-session';
import request from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { z } from 'zod';

import { NotAllowed, NotFound, OutOfDate, RuleBroken } from '../../src/errors.js';
import { configureWeb, type WebSettings } from '../../src/web/configure-web.js';
import { choiceField, choicesField, dateField, timeField } from '../../src/web/fields.js';
import { flash } from '../../src/web/flash.js';
import { emptyForm, type FormBody, type FormState, parseForm, submitForm, valuesById } from '../../src/web/forms.js';
import { IdPipe } from '../../src/web/id.pipe.js';
import { type PageRequest, redirect, showAuthority, showPerson } from '../../src/web/page.js';
import { paths } from '../../src/web/paths.js';
import { safeText } from '../../src/web/safe-text.js';
import { signIn, signOut } from '../../src/web/sessions.js';
import { addTestViews } from '../support/test-views.js';

const MEETING_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const PROTECTED = 'Joan Petty, relation "secret_table" does not exist';

const form = z.object({
  place: safeText({ label: 'place' }),
  agenda: safeText({ label: 'agenda', max: 1000, required: false, lines: true }),
  date: dateField('the date of the meeting'),
  time: timeField('the time it starts'),
  mode: choiceField(['VIDEO', 'PHONE'], 'Select how the meeting is held'),
  needs: choicesField(['BSL', 'LOOP'], 'Select needs from the list'),
});
const saved: unknown[] = [];

@Controller()
class TestPages {
  @Post('begin')
  async begin(@Req() req: PageRequest, @Res() res: Response): Promise<void> {
    await signIn(req, { authorityId: 1, staffId: MEETING_ID });
    redirect(res, paths.newMeeting());
  }

  @Get('sign-in')
  signInPage(@Res() res: Response): void {
    res.render('test/form.njk', { form: emptyForm() });
  }

  @Post('sign-out')
  async end(@Req() req: PageRequest, @Res() res: Response): Promise<void> {
    await signOut(req);
    redirect(res, paths.signIn());
  }

  @Post('half-a-day-later')
  old(@Req() req: PageRequest, @Res() res: Response): void {
    req.session.signedInAt = Date.now() - 12 * 60 * 60 * 1000;
    redirect(res, paths.newMeeting());
  }

  @Get('meetings/new')
  empty(@Req() req: PageRequest, @Res() res: Response): void {
    if (req.session.staff === undefined) throw new UnauthorizedException();
    showPerson(res, { name: 'Owen <Tidy>', authorityName: 'Northshire Council' });
    res.render('test/form.njk', { form: emptyForm({ place: 'Room 2' }) });
  }

  @Post('meetings/new')
  send(@Req() req: PageRequest, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    return submitForm(res, body, {
      change: async () => {
        const input = parseForm(form, body);
        if (input.place === 'Sunday') throw new RuleBroken('NEEDS_CONFIRMATION', 'It is a Sunday', 'startsAt');
        saved.push({ ...input, rows: [...valuesById(body, 'status')] });
        flash(req, 'Meeting <scheduled>');
        return paths.newMeeting();
      },
      again: (again: FormState) => ({ view: 'test/form.njk', locals: { form: again } }),
      inputs: { startsAt: 'date' },
    });
  }

  @Get('meetings/:id')
  one(@Param('id', IdPipe) id: string): string {
    return id;
  }

  @Post('directory/people-import')
  people(@Body() body: { people?: string }): string {
    return String(body.people?.length);
  }

  @Post('i/:secret')
  answer(@Res() res: Response): void {
    redirect(res, paths.own());
  }

  @Get(['i/:secret', 'my'])
  link(@Res() res: Response): void {
    showAuthority(res, { name: 'Northshire Council', telephone: '01632 960 001' });
    res.render('test/link.njk');
  }

  @Post('graphql')
  graphql(@Body() body: unknown): unknown {
    return body;
  }

  @Get('throws/:what')
  throws(@Param('what') what: string): void {
    const errors: Record<string, () => Error> = {
      'rule-broken': () => new RuleBroken('EXCLUDED', 'Choose somebody else'),
      'not-found': () => new NotFound(`There is no matter of ${PROTECTED}`),
      'not-allowed': () => new NotAllowed('Only staff of this matter can change it', 'Priya Raman'),
      'out-of-date': () => new OutOfDate(undefined, ['Bev Castle moved it to 2pm']),
      forbidden: () => new ForbiddenException(PROTECTED),
      'client-fault': () => Object.assign(new Error(PROTECTED), { status: 400 }),
    };
    throw errors[what]?.() ?? Object.assign(new Error(PROTECTED), { query: PROTECTED, code: '42P01' });
  }
}

const logged: string[] = [];
const logger = {
  log: () => undefined,
  warn: () => undefined,
  error: (...words: unknown[]) => logged.push(words.join(' ')),
};

async function start(change: Partial<WebSettings> = {}): Promise<NestExpressApplication> {
  const module = await Test.createTestingModule({ controllers: [TestPages] }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger });
  configureWeb(app, {
    baseUrl: 'http://127.0.0.1:3000',
    https: false,
    sessionSecret: 'only for tests',
    sessionStore: new session.MemoryStore(),
    trustProxy: [],
    development: false,
    serviceName: 'Quorate',
    ...change,
  });
  addTestViews(app);
  await app.init();
  return app;
}

const tokenIn = (html: string): string => /name="_csrf" value="([0-9a-f]{64})"/.exec(html)?.[1] ?? '';
const filled = { place: ' Room\u00a03 ', agenda: 'One\r\nTwo', date: '2/12/2026', time: '9:30', mode: 'VIDEO' };

let app: NestExpressApplication;
let server: Parameters<typeof request>[0];
beforeAll(async () => {
  app = await start();
  server = app.getHttpServer();
});
afterAll(() => app.close());
beforeEach(() => {
  saved.length = 0;
});

async function signedIn(): Promise<{ agent: TestAgent; token: string }> {
  const agent = request.agent(server);
  const before = tokenIn((await agent.get('/sign-in')).text);
  await agent.post('/begin').type('form').send({ _csrf: before }).expect(303);
  return { agent, token: tokenIn((await agent.get('/meetings/new').expect(200)).text) };
}

describe('pages of staff', () => {
  it('sends a form once, goes on with 303 and says so once, escaped', async () => {
    const { agent, token } = await signedIn();
    const sent = { ...filled, needs: ['BSL', 'LOOP'], 'status[a1]': 'ATTENDED', _csrf: token };
    const answer = await agent.post('/meetings/new').type('form').send(sent);
    expect([answer.status, answer.headers.location]).toEqual([303, '/meetings/new']);
    const kept = { ...filled, place: 'Room 3', agenda: 'One\nTwo', date: '2026-12-02', time: '09:30' };
    expect(saved).toEqual([{ ...kept, needs: ['BSL', 'LOOP'], rows: [['a1', 'ATTENDED']] }]);
    expect((await agent.get('/meetings/new')).text).toContain('Meeting &lt;scheduled&gt;');
    expect((await agent.get('/meetings/new')).text).not.toContain('scheduled');
  });

  it('shows the form again with each error by its field and what was typed kept', async () => {
    const { agent, token } = await signedIn();
    const typed = { place: '', agenda: '<b>Two</b>', date: '30/2/2027', time: '25:00', needs: 'BSL', _csrf: token };
    const { status, text } = await agent.post('/meetings/new').type('form').send(typed);
    expect(status).toBe(422);
    expect(text).toContain('<title>Error: Meeting – Quorate</title>');
    expect(text).toContain('<a href="#place">Enter a place</a>');
    expect(text).toContain('<a href="#mode">Select how the meeting is held</a>');
    expect(text).toMatch(/id="date-error"[^]*The date of the meeting must be a real date/);
    expect(text).toMatch(/id="time-error"[^]*must be a time on the 24-hour clock/);
    expect(text).toContain('&lt;b&gt;Two&lt;/b&gt;');
    expect(text).toContain('value="30/2/2027"');
    expect(text).toMatch(/value="BSL" checked/);
    expect(text).not.toMatch(/value="LOOP" checked/);
    expect(saved).toEqual([]);
  });

  it('offers to go ahead once a rule asks for it, beside the input that stands for its field', async () => {
    const { agent, token } = await signedIn();
    expect((await agent.get('/meetings/new')).text).not.toContain('Schedule it anyway');
    const { text } = await agent
      .post('/meetings/new')
      .type('form')
      .send({ ...filled, place: 'Sunday', _csrf: token });
    expect(text).toContain('<a href="#date">It is a Sunday</a>');
    expect(text).toContain('Schedule it anyway');
  });

  it('shows who is signed in, where they are, and a way out', async () => {
    const { agent, token } = await signedIn();
    const { text } = await agent.get('/meetings/new');
    expect(text).toContain('Owen &lt;Tidy&gt;');
    expect(text).toContain('Northshire Council');
    expect(text).toMatch(/href="\/meetings"\s+aria-current="true"/);
    await agent.post('/sign-out').type('form').send({ _csrf: token }).expect(303);
    const after = await agent.get('/meetings/new');
    expect([after.status, after.headers.location]).toEqual([303, '/sign-in?next=%2Fmeetings%2Fnew']);
  });

  it('gives a new session id at sign-in, HttpOnly and Lax, and Secure with __Host- over https', async () => {
    const plain = await request(server).get('/sign-in');
    expect(String(plain.headers['set-cookie'])).toMatch(/^sid=.*; Path=\/; .*HttpOnly; SameSite=Lax$/);
    const { agent, token } = await signedIn();
    const again = await agent.post('/begin').type('form').send({ _csrf: token });
    expect(String(again.headers['set-cookie'])).toMatch(/^sid=/);
    const secure = await start({ https: true, baseUrl: 'https://quorate.example', trustProxy: ['loopback'] });
    const answer = await request(secure.getHttpServer()).get('/sign-in').set('X-Forwarded-Proto', 'https');
    await secure.close();
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-sid=[^;]+; Path=\/; [^;]*; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers['content-security-policy']).toContain('upgrade-insecure-requests');
    expect(answer.headers['strict-transport-security']).toContain('max-age=31536000');
  });

  it('tells browsers to run only what this answer names, to frame and to keep nothing', async () => {
    const { headers, text } = await request(server).get('/sign-in');
    const policy = String(headers['content-security-policy']);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '?';
    const scripts = text.match(/<script[^>]*>/g) ?? [];
    expect(scripts).toHaveLength(2);
    expect(scripts.every((script) => script.includes(`nonce="${nonce}"`))).toBe(true);
    expect(text).not.toMatch(/<style|style="|onclick/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect((await request(server).get('/sign-in')).headers['content-security-policy']).not.toBe(policy);
  });

  it('serves its style without the typeface of GOV.UK, kept for a year under its version', async () => {
    const page = (await request(server).get('/sign-in')).text;
    const address = /href="(\/assets\/quorate\.css[^"]+)"/.exec(page)?.[1] ?? '';
    const style = await request(server).get(address).set('Accept-Encoding', 'gzip').expect(200);
    expect(style.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
    });
    expect(style.text).toContain('.quorate-wordmark');
    expect(style.text).not.toMatch(/GDS Transport|@font-face/);
    expect((await request(server).get('/assets/quorate.css')).headers['cache-control']).toBe('no-cache');
    expect((await request(server).get('/assets/govuk-frontend.js')).headers['content-type']).toMatch(
      /^text\/javascript/,
    );
  });

  it('keeps a pasted list of people of 1 MB', async () => {
    const { agent, token } = await signedIn();
    const people = 'x'.repeat(1_000_000);
    const answer = await agent.post('/directory/people-import').type('form').send({ people, _csrf: token });
    expect(answer.text).toBe('1000000');
  });
});

describe('pages of link holders', () => {
  it('give no referrer, are kept nowhere, listed nowhere, and name whom to ring', async () => {
    for (const path of ['/i/secret', '/I/secret', '/my']) {
      const { headers, text } = await request(server).get(path);
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
      });
      expect(text).toContain('<a class="govuk-link quorate-nowrap" href="tel:01632960001">01632 960 001</a>');
      expect(text).not.toContain('Worklist');
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  it('take a form of their own from a browser that hides where it was, and none of another site', async () => {
    const send = (from: Record<string, string>) => request(server).post('/i/secret').set(from);
    const own = await send({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' });
    const old = await send({ Origin: 'null' });
    const foreign = await send({ Origin: 'null', 'Sec-Fetch-Site': 'cross-site' });
    expect([own.status, old.status, foreign.status]).toEqual([303, 303, 403]);
  });
});

describe('refuses', () => {
  it.each([
    ['rule-broken', 422, ['Choose somebody else.']],
    ['not-found', 404, ['Page not found']],
    ['not-allowed', 403, ['Only staff of this matter can change it.', 'Who can: Priya Raman.']],
    ['out-of-date', 409, ['What changed', 'Bev Castle moved it to 2pm']],
    ['forbidden', 403, ['You cannot do this']],
    ['client-fault', 400, ['Something is missing from what you sent']],
    ['bug', 500, ['Sorry, there is a problem with the service']],
  ])('%s as %i, in words of ours only', async (what, status, words) => {
    logged.splice(0);
    const answer = await request(server).get(`/throws/${what}`);
    expect(answer.status).toBe(status);
    expect(words.filter((word) => !answer.text.includes(word))).toEqual([]);
    expect(answer.text).not.toContain('Joan Petty');
    expect(logged.join()).not.toContain('Joan Petty');
    expect(logged).toHaveLength(status === 500 ? 1 : 0);
    const reference = /reference: <strong>([0-9A-Z]{8})</.exec(answer.text)?.[1] ?? '';
    expect(logged.join()).toContain(reference);
  });

  it('an address that leads nowhere and a malformed id alike', async () => {
    for (const path of ['/nowhere', '/meetings/17', `/meetings/${MEETING_ID}0`, '/assets/../package.json', '/%c0']) {
      const { status, text } = await request(server).get(path);
      expect([path, [404, 400].includes(status), text.includes('Cannot GET')]).toEqual([path, true, false]);
    }
    expect((await request(server).get(`/meetings/${MEETING_ID.toUpperCase()}`)).text).toBe(MEETING_ID);
  });

  it('a form without its token, with another session’s, or twice given, and shows what was typed', async () => {
    const { agent, token } = await signedIn();
    const other = await signedIn();
    for (const _csrf of [undefined, '', other.token, [token, token]]) {
      const typed = { ...filled, agenda: 'Long words <i>', ...(_csrf === undefined ? {} : { _csrf }) };
      const { status, text } = await agent.post('/meetings/new').type('form').send(typed);
      expect([status, text.includes('open for too long')]).toEqual([422, true]);
      expect(text).toContain('Long words &lt;i&gt;');
    }
    expect(saved).toEqual([]);
  });

  it.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Origin', 'https://evil.test'],
    ['Origin', 'null'],
  ])('a change sent by another website (%s: %s), even with the token', async (header, value) => {
    const { agent, token } = await signedIn();
    const answer = await agent
      .post('/meetings/new')
      .set(header, value)
      .type('form')
      .send({ ...filled, _csrf: token });
    expect(answer.status).toBe(403);
    const program = await request(server).post('/graphql').set(header, value).send({ query: '{ a }' });
    expect([program.status, (program.body as { errors: unknown[] }).errors]).toEqual([
      403,
      [{ message: 'You cannot do this', extensions: { code: 'NOT_ALLOWED' } }],
    ]);
    expect(saved).toEqual([]);
  });

  it('too much, broken JSON, and JSON where a form belongs', async () => {
    const { agent } = await signedIn();
    const big = { place: 'x'.repeat(70_000) };
    expect((await agent.post('/meetings/new').type('form').send(big)).status).toBe(413);
    expect((await request(server).post('/graphql').send(big)).status).toBe(413);
    const broken = await request(server).post('/graphql').type('json').send('{"query":');
    expect(broken.body).toEqual({
      errors: [{ message: 'Something is missing from what you sent', extensions: { code: 'BAD_REQUEST' } }],
    });
    expect((await agent.post('/meetings/new').send({ ...filled })).status).toBe(422);
    expect((await request(server).post('/graphql').send({ query: '{ a }' })).body).toEqual({ query: '{ a }' });
  });

  it('to stay signed in for more than 12 hours', async () => {
    const { agent, token } = await signedIn();
    await agent.post('/half-a-day-later').type('form').send({ _csrf: token }).expect(303);
    const answer = await agent.get('/meetings/new');
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in?next=%2Fmeetings%2Fnew']);
  });

  it('a request whose headers never end', async () => {
    const { headersTimeout, requestTimeout } = app.getHttpServer();
    expect([headersTimeout, requestTimeout]).toEqual([5_000, 10_000]);
  });
});
