import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import PostalMime from 'postal-mime';
import { aDatabase, type TestDatabase } from '../support/cluster.js';
import { type OwnProcess, run } from '../support/process.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';

jest.setTimeout(90_000);

const PORT = 23_000 + (process.pid % 4_000);
const BASE = `http://localhost:${PORT}`;
const PEOPLE = [
  'name,email,phone,agency,category,post',
  'Amara Cole,amara.cole@westshire.example,01632 960001,Westshire Children’s Services,CHILDRENS_SOCIAL_CARE,Team manager',
  '"Quill, Peter",peter.quill@westshire.police.example,01632 960002,Westshire Police,POLICE,Detective Sergeant',
  'Dr Sìne O’Brien,sine.obrien@westshire.nhs.example,01632 960003,Westshire NHS Trust,HEALTH,Named doctor',
  'Nobody,not an address,01632 960004,Westshire Police,POLICE,Constable',
].join('\r\n');

let database: TestDatabase;
let smtp: TestSmtp;
let folder: string;
let service: OwnProcess;
let jar = new Map<string, string>();

function settings(more: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    SMTP_URL: smtp.url,
    MAIL_DOMAIN: 'reply.westshire.example',
    QUORATE_FOLDER: folder,
    MAIL_HOLD_SECONDS: '0',
    PORT: String(PORT),
    ...more,
  };
}

beforeAll(async () => {
  database = await aDatabase();
  smtp = await startSmtp();
  folder = mkdtempSync(join(tmpdir(), 'quorate-real-'));
});
afterAll(async () => {
  await service.stop();
  await smtp.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function browse(path: string, body?: Record<string, string | string[]>): Promise<string> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const sent = body === undefined ? {} : { method: 'POST', body: formOf(body) };
  const answer = await fetch(new URL(path, BASE), { redirect: 'manual', headers: { cookie }, ...sent });
  for (const set of answer.headers.getSetCookie()) keepCookie(set);
  const next = answer.headers.get('location');
  if (next !== null) return browse(next);
  const text = await answer.text();
  const token = /name="_csrf" value="([^"]*)"/.exec(text)?.[1];
  if (token !== undefined) jar.set(' csrf', token);
  return text;
}

function formOf(body: Record<string, string | string[]>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) for (const one of [value].flat()) form.append(name, one);
  return form;
}

function keepCookie(set: string): void {
  const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=');
  jar.set(name, value);
}

async function send(path: string, fields: Record<string, string | string[]>): Promise<string> {
  return browse(path, { _csrf: jar.get(' csrf') ?? '', ...fields });
}

async function mailTo(address: string, words: RegExp): Promise<RegExpExecArray> {
  for (let tries = 0; tries < 100; tries += 1) {
    for (const { to, bytes } of [...smtp.received].reverse()) {
      const { text = '' } = await PostalMime.parse(bytes);
      const found = to[0] === address ? words.exec(text) : null;
      if (found !== null) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No message to ${address} says ${words.source}`);
}

describe('on a PostgreSQL and a mail server of one’s own', () => {
  it('the first authority and its coordinator are made by a command', async () => {
    const words = ['--name', 'Westshire Council', '--short', 'Westshire', '--phone', '01632 960000'];
    const first = [
      '--coordinator-name',
      'Ada Lund',
      '--coordinator-email',
      'ada.lund@westshire.example',
      '--desk',
      'CHILD_PROTECTION',
    ];
    const made = run('src/create-authority.command.ts', ['create', ...words, ...first], {
      DATABASE_OWNER_URL: database.ownerUrl,
    });
    expect(await made.ended).toBe(0);
    expect(made.output()).toContain('Ada Lund signs in with ada.lund@westshire.example');
  });

  it('the service starts without a demonstration and without a mailbox page', async () => {
    service = run('src/main.ts', [], settings());
    await service.says(/Ctrl-C stops it/);
    expect(service.output()).not.toMatch(/Mailbox|Token|trial/);
    expect(await browse('/mailbox')).toContain('not found');
    expect(await (await fetch(`${BASE}/health/ready`)).json()).toEqual({ status: 'ok' });
  });

  it('the coordinator signs in with a code that came by mail', async () => {
    expect(await browse('/')).toContain('Email address');
    await send('/sign-in/code', { email: 'ada.lund@westshire.example' });
    const [, code = ''] = await mailTo('ada.lund@westshire.example', /Your code is (\d{4}-\d{4})/);
    expect(await send('/sign-in/code/proof', { code: '0000-0000' })).toContain('There is a problem');
    expect(await send('/sign-in/code/proof', { code })).toContain('Worklist');
  });

  it('people come from a list, and the bad row is named', async () => {
    await browse('/directory/people-import');
    const preview = await send('/directory/people-import', { list: `\uFEFF${PEOPLE}` });
    expect(preview).toContain('Dr Sìne O’Brien');
    expect(preview).toMatch(/<th scope="row"[^>]*>5<\/th>[\s\S]{0,400}email/);
    const action = /<form method="post" action="([^"]*)"/.exec(preview.slice(preview.indexOf('<main')))?.[1] ?? '';
    const hidden = Object.fromEntries(
      [...preview.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        unescaped(value),
      ]),
    );
    const list = /<textarea[^>]*name="list"[^>]*>([\s\S]*?)<\/textarea>/.exec(preview)?.[1];
    const done = await send(action, {
      ...hidden,
      ...(list === undefined ? {} : { list: unescaped(list) }),
      skipBad: 'yes',
    });
    expect(done).toMatch(/3/);
    expect(await browse('/directory?part=quill')).toContain('Quill, Peter');
  });

  it('a meeting goes out through the mail server, and the link in it works after a restart', async () => {
    await browse('/matters/new');
    const matter = await send('/matters', await newMatter());
    const id = /\/matters\/([0-9a-f-]{36})\/meetings\/new/.exec(matter)?.[1] ?? '';
    const contacts = await contactIds();
    const when = { type: 'STRATEGY_MEETING', date: nextWednesday(), from: '10:00', to: '11:00', mode: 'VIDEO' };
    const plan = {
      ...when,
      invitee: contacts,
      chair: contacts[0] ?? '',
      minuteTaker: '',
      overrideReason: 'The only day on which all can come',
    };
    await browse(`/matters/${id}/meetings/new`);
    await send(`/matters/${id}/meetings/new`, { ...plan, do: 'send' });
    const [link] = await mailTo('peter.quill@westshire.police.example', /http\S+/);
    expect(smtp.received.every(({ to }) => to.length === 1)).toBe(true);

    expect(await service.stop()).toBe(0);
    service = run('src/main.ts', [], settings());
    await service.says(/Ctrl-C stops it/);
    jar = new Map();
    const page = await browse(new URL(link).pathname);
    expect(page).toContain('Can you come to this meeting?');
    const fields = Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="(revision|nonce)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, unescaped(value)],
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await browse(`${new URL(link).pathname}/answer`, { ...fields, answer: 'ACCEPTED' })).toContain('Thank you');
    await mailTo('peter.quill@westshire.police.example', /I will come|Accepted|coming/i);
  });
});

describe('refuses to start, with a sentence that says what to set', () => {
  const refused = async (env: Record<string, string>): Promise<string> => {
    const attempt = run('src/main.ts', [], settings({ PORT: String(PORT + 2), ...env }));
    expect(await attempt.ended).toBe(1);
    expect(attempt.output().trim().split('\n')).toHaveLength(1);
    return attempt.output();
  };

  it('as a superuser, who is above row-level security', async () => {
    expect(await refused({ DATABASE_URL: database.adminUrl })).toMatch(
      /above row-level security: use the role quorate_app/,
    );
  });

  it('on a port that is taken', async () => {
    const taken = await new Promise<Server>((resolve) => {
      const server = createServer().listen(PORT + 1, '127.0.0.1', () => {
        resolve(server);
      });
    });
    const said = await refused({ PORT: String(PORT + 1) }).finally(() => taken.close());
    expect(said).toMatch(new RegExp(`Port ${PORT + 1} is in use.*PORT=`));
  });

  it.each([
    [{ SMTP_URL: 'relay.example' }, /SMTP_URL must start with smtp/],
    [{ SMTP_URL: '' }, /SMTP_URL is not set/],
    [{ PORT: 'eighty' }, /PORT/],
    [{ NODE_ENV: 'production' }, /BASE_URL is not set/],
    [
      { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none', DATABASE_OWNER_URL: '' },
      /DATABASE_URL cannot be reached/,
    ],
  ])('with %j', async (env, sentence) => {
    expect(await refused(env as Record<string, string>)).toMatch(sentence);
  });

  it('with a secrets file that is not one', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'quorate-broken-'));
    writeFileSync(join(broken, 'secrets.json'), 'not JSON');
    expect(await refused({ QUORATE_FOLDER: broken })).toMatch(/secrets\.json/);
    rmSync(broken, { recursive: true });
  });
});

function unescaped(html: string): string {
  return html
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

async function newMatter(): Promise<Record<string, string>> {
  const page = await browse('/matters/new');
  const coordinatorId = /<option value="([0-9a-f-]{36})"/.exec(page)?.[1] ?? '';
  const name = /<select[^>]*name="([^"]+)"/.exec(page)?.[1] ?? 'coordinatorId';
  return { kind: 'CHILD_PROTECTION', neutralTitle: 'Enquiry 1, west', sensitivity: 'STANDARD', [name]: coordinatorId };
}

async function contactIds(): Promise<string[]> {
  const page = await browse('/directory');
  return [...new Set([...page.matchAll(/\/directory\/contacts\/([0-9a-f-]{36})/g)].map(([, id = '']) => id))];
}

function nextWednesday(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + ((3 - day.getUTCDay() + 7) % 7) + 7);
  return day.toISOString().slice(0, 10);
}
