import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Agent, type Response } from 'supertest';
import { HeldReplies } from '../../src/meetings/replies/held-replies.service.js';
import { arrive, invited, replies } from '../support/arriving.js';
import { aCalledMeeting, type CalledMeeting, lastMail } from '../support/called-meeting.js';
import { staffAgent } from '../support/graphql.js';
import { aSiteMailServer, keptMail, readAll, type SiteMailServer } from '../support/inbound.js';
import { aCouncil, type Placed, someone } from '../support/matters.js';
import { type Odd, PROGRAMS, replyFrom } from '../support/replies.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy } from '../support/visitor.js';

let service: TestService;
let site: SiteMailServer;
let called: CalledMeeting;
let leanne: Placed;
let priya: Agent;

beforeAll(async () => {
  service = await startService();
  site = await aSiteMailServer(service);
});
beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  leanne = called.sergeant;
  await service.mail();
  service.clock.pass(10);
  priya = await staffAgent(service, called.council.priya);
});
afterAll(async () => {
  site.end();
  await service.stop();
});

type Program = Parameters<typeof replyFrom>[0];

/** A program's reply as the site's mail server hands it over, with the calendar as that program attaches it. */
async function mails(program: Program, odd: Odd = {}, from = leanne.address): Promise<void> {
  const to = await invited(service, leanne);
  const calendar = replyFrom(program, to, { stampedAt: service.clock.now(), ...odd });
  const method = odd.method ?? 'REPLY';
  const type = program === 'APPLE' ? 'text/calendar; charset=utf-8' : `text/calendar; charset=utf-8; method=${method}`;
  const base64 = Buffer.from(calendar)
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n');
  const message = [
    `From: <${from}>`,
    `To: <${to.organizer}>`,
    'Subject: Accepted: Multi-agency meeting',
    `Message-ID: <${program}-${Math.random()}@force.example>`,
    `Date: ${service.clock.now().toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Leanne Firth has answered.',
    '--b1',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    '',
    base64,
    ...(program === 'GOOGLE'
      ? ['--b1', 'Content-Type: application/ics; name="invite.ics"', 'Content-Transfer-Encoding: base64', '', base64]
      : []),
    '--b1--',
    '',
  ].join('\r\n');
  const heard = await site.send(to.organizer.toUpperCase(), message, from);
  expect(heard.message).toMatch(/^250/);
  await readAll(service);
}

const answerOf = async (who: Placed): Promise<string | undefined> => {
  const rows = await service.look<{ answer: string }>(
    'select answer from invitation where contact_id = $1 order by created_at desc limit 1',
    [who.contactId],
  );
  return rows[0]?.answer;
};

const meetingPage = async (): Promise<string> => (await priya.get(`/meetings/${called.meeting.id}`)).text;

/** What a page carries along unseen: the token of the session and the version it showed. */
function hiddenOf(page: Response): Record<string, string> {
  const inputs = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}

/** The page of the one reply that waits, and sending one of its forms. */
async function waiting(): Promise<{
  id: string;
  text: string;
  send: (part: string, typed?: object) => Promise<number>;
}> {
  const [row] = await service.get(HeldReplies).list(called.council.priya);
  if (row === undefined) throw new Error('Nothing waits');
  const page = await priya.get(`/replies/${row.id}`);
  const send = async (part: string, typed: object = {}): Promise<number> => {
    const sent = await priya
      .post(`/replies/${row.id}/${part}`)
      .type('form')
      .send({ ...hiddenOf(page), ...typed });
    return sent.status;
  };
  return { id: row.id, text: page.text, send };
}

describe('somebody who answers from their calendar', () => {
  it.each(PROGRAMS)('%s: the answer is on the meeting’s page with where it came from', async (program) => {
    await mails(program);
    expect(await answerOf(leanne)).toBe('ACCEPTED');
    const page = await meetingPage();
    expect(page).toContain('from their calendar');
    expect(page).toContain('Leanne Firth: 1 answer');
    expect(page).toMatch(/<strong>Counts<\/strong>/);
    expect((await lastMail(service, leanne)).mail.subject).toContain('we have your answer');
    expect((await keptMail(service)).at(-1)).toMatchObject({ state: 'DONE', note: 'Taken as their answer' });
  });

  it('suggests another time: it is shown, and the page that moves meetings has it ready', async () => {
    const proposes = { start: '20261203T140000', end: '20261203T153000', tzid: 'GMT Standard Time 1' };
    await mails('EXCHANGE', { method: 'COUNTER', partstat: 'TENTATIVE', proposes, comment: 'After court' });
    expect(await answerOf(leanne)).toBe('NO_RESPONSE');
    const page = await meetingPage();
    expect(page).toContain('Thursday 3 December 2026, 2pm to 3:30pm');
    expect((await priya.get('/')).text).toContain('Another time was suggested');
    const [, move = ''] = /href="([^"]+\/move)"/.exec(page) ?? [];
    const form = await priya.get(move);
    expect(form.text).toMatch(/name="date"[^>]*value="2026-12-03"/);
    const moved = await priya
      .post(`/meetings/${called.meeting.id}/edit`)
      .type('form')
      .send({
        ...hiddenOf(form),
        do: 'send',
        date: '2026-12-03',
        from: '14:00',
        to: '15:30',
        mode: 'VIDEO',
        joinDetails: 'Join at room 4471, PIN 9034',
      });
    expect(moved.status).toBe(303);
    expect(await meetingPage()).toContain('Taken');
  });

  it('suggests one in words by their link: it stands in the same place, and they are told that the meeting stays', async () => {
    const { secret } = await lastMail(service, leanne);
    await answerBy(service, aBrowser(service), secret, { answer: 'SUGGESTED_TIME', anotherTime: 'Thursday after two' });
    const page = await meetingPage();
    const [, refusal = ''] = /href="([^"]+\/refusal)"/.exec(page) ?? [];
    const form = await priya.get(refusal);
    expect(form.text).toContain('Thursday after two');
    expect(
      (
        await priya
          .post(refusal)
          .type('form')
          .send({ ...hiddenOf(form), why: '' })
      ).status,
    ).toBe(422);
    const sent = await priya
      .post(refusal)
      .type('form')
      .send({ ...hiddenOf(form), why: 'The chair cannot' });
    expect(sent.status).toBe(303);
    const { mail } = await lastMail(service, leanne);
    expect(mail.subject).toContain('the time stays as it is');
    expect(mail.text).not.toContain('chair');
  });

  it('is away, which is shown and is no answer', async () => {
    await arrive(service, called, leanne, { kind: 'AUTOMATIC', text: 'I am away until 7 December 2026' });
    expect(await meetingPage()).toContain('says they are away until 7 Dec 2026');
  });

  it('50 times by link and by calendar at once, in both orders: one counts each time, all are kept and flagged', async () => {
    const to = await invited(service, leanne);
    const { secret } = await lastMail(service, leanne);
    for (let round = 0; round < 50; round += 1) {
      service.clock.pass(11);
      const byLink = () => answerBy(service, aBrowser(service), secret, { answer: 'TENTATIVE' });
      const byCalendar = () => replies(service, called, leanne, { to });
      const [one, other] = round % 2 === 0 ? [byLink, byCalendar] : [byCalendar, byLink];
      await Promise.all([one(), other()]);
      expect(['ACCEPTED', 'TENTATIVE']).toContain(await answerOf(leanne));
    }
    const [kept] = await service.look(
      'select count(*)::int as all from response r join invitation i on i.id = r.invitation_id where i.contact_id = $1',
      [leanne.contactId],
    );
    expect(kept).toEqual({ all: 100 });
    const page = await meetingPage();
    expect(page.match(/<strong>Counts<\/strong>/g)).toHaveLength(1);
    expect(page).toContain('gave two different answers by two ways within ten minutes');
    expect((await priya.get('/')).text).toContain('Two different answers at once: ring and ask');
  });
});

describe('a reply that somebody has to look at', () => {
  const stranger: Odd = { attendee: 'leanne@phone.example' };

  it('stands on the page of replies and on the worklist, soonest first near the meeting', async () => {
    await mails('GOOGLE', stranger, 'leanne@phone.example');
    expect((await priya.get('/replies')).text).toContain('Somebody else answered: may be a substitute');
    expect((await priya.get('/')).text).toContain('A reply to look at');
    service.clock.set('2026-12-01T12:00:00Z');
    expect((await priya.get('/')).text).toContain('A reply to look at, the meeting is near');
    const { text } = await waiting();
    for (const said of ['leanne@phone.example', 'No signature that holds', 'Leanne Firth has answered.']) {
      expect(text).toContain(said);
    }
  });

  it('is taken as their answer on the coordinator’s word', async () => {
    await mails('GOOGLE', stranger, 'leanne@phone.example');
    const { send } = await waiting();
    expect(await send('application', { kind: '' })).toBe(422);
    expect(await send('application', { kind: 'ACCEPTED' })).toBe(303);
    expect(await answerOf(leanne)).toBe('ACCEPTED');
    expect(await meetingPage()).toContain('as leanne@phone.example');
    expect((await priya.get('/replies')).text).toContain('No reply waits for you');
  });

  it('is from another address of theirs, which is known from then on', async () => {
    await mails('GOOGLE', stranger, 'leanne@phone.example');
    expect(await (await waiting()).send('alias')).toBe(303);
    expect(await answerOf(leanne)).toBe('ACCEPTED');
    service.clock.pass(5);
    await mails('APPLE', { ...stranger, partstat: 'DECLINED' }, 'leanne@phone.example');
    expect(await answerOf(leanne)).toBe('DECLINED');
  });

  it('is from a colleague who is invited instead, by the rules for any substitute', async () => {
    await mails('GOOGLE', { attendee: 'mark@force.example' }, 'mark@force.example');
    const { send } = await waiting();
    const mark = { name: 'Mark Oyelaran', postTitle: 'Sergeant', email: 'mark@elsewhere.example' };
    expect(await send('substitute', mark)).toBe(303);
    expect(await answerOf(leanne)).toBe('NO_RESPONSE');
    expect(await send('substitute', { ...mark, email: 'mark@force.example' })).toBe(303);
    expect(await answerOf(leanne)).toBe('SUBSTITUTE_NAMED');
    expect(await service.mail('mark@force.example')).toHaveLength(1);
  });

  it('is words, which are shown as words and put aside for a reason', async () => {
    const text = 'Yes. <script>alert(1)</script> <img src=x>';
    await arrive(service, called, leanne, { kind: 'OTHER', text, subject: 'RE: <b>meeting</b>' });
    const { text: page, send } = await waiting();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('RE: &lt;b&gt;meeting&lt;/b&gt;');
    expect(await send('dismissal', { why: '' })).toBe(422);
    expect(await send('dismissal', { why: 'Answered by telephone' })).toBe(303);
    const [event] = await service.look(
      `select action, details->>'note' as note from event where action = 'invitation.reply-dismissed'`,
    );
    expect(event).toEqual({ action: 'invitation.reply-dismissed', note: 'Answered by telephone' });
  });
});

describe('refuses', () => {
  it('to show a reply to another desk or another council', async () => {
    await mails('GOOGLE', { attendee: 'x@elsewhere.example' }, 'x@elsewhere.example');
    const { id } = await waiting();
    const other = await aCouncil(service, `other${Date.now()}.example`);
    await someone(service, other, 'Somebody Else');
    for (const by of [called.council.owen, other.priya]) {
      const agent = await staffAgent(service, by);
      expect((await agent.get('/replies')).text).not.toContain('x@elsewhere.example');
      expect((await agent.get(`/replies/${id}`)).status).toBe(404);
    }
  });

  it('to take an answer twice from one reply', async () => {
    await mails('GOOGLE', { attendee: 'x@elsewhere.example' }, 'x@elsewhere.example');
    const { send } = await waiting();
    expect(await send('application', { kind: 'ACCEPTED' })).toBe(303);
    expect([404, 409]).toContain(await send('application', { kind: 'DECLINED', reason: 'LEAVE' }));
  });
});
