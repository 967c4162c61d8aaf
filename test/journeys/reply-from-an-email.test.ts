import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Agent } from 'supertest';
import { aCalledMeeting, type CalledMeeting, cancel, lastMail, moveTo } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy, digest, hiddenOf, prove } from '../support/visitor.js';

let service: TestService;
let called: CalledMeeting;
let browser: Agent;

beforeAll(async () => {
  service = await startService();
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  browser = aBrowser(service);
});

afterAll(async () => {
  await service.stop();
});

const secretOf = async (who: Placed): Promise<string> => (await lastMail(service, who)).secret;

const responses = (who: Placed): Promise<{ kind: string; reason: string | null; comment: string | null }[]> =>
  service.look(
    `select r.kind, r.reason, r.comment from response r join invitation i on i.id = r.invitation_id
     where i.contact_id = $1 order by r.at, r.id`,
    [who.contactId],
  );

const invitation = async (who: Placed): Promise<{ id: string; answer: string; status: string }> => {
  const [row] = await service.look<{ id: string; answer: string; status: string }>(
    `select id, answer, status from invitation where contact_id = $1 order by created_at desc limit 1`,
    [who.contactId],
  );
  if (row === undefined) throw new Error('Nobody invited');
  return row;
};

describe('somebody who opens the link in their email', () => {
  it('sees what the message said, an empty form and a number to ring, and nobody’s name', async () => {
    const page = await browser.get(`/i/${await secretOf(called.sergeant)}`);
    expect(page.status).toBe(200);
    for (const shown of [called.reference, 'Wednesday 2 December 2026, 10am to 11:30am', 'UK time', '01632 960 000']) {
      expect(page.text).toContain(shown);
    }
    expect(page.text).not.toMatch(/<input[^>]*type="radio"[^>]*\bchecked/);
    for (const hidden of ['Leanne', 'Firth', 'Tull', 'Priya', 'force.example', '4471', 'Enquiry 14']) {
      expect(page.text).not.toContain(hidden);
    }
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['set-cookie']).toHaveLength(1);
  });

  it('accepts, and has a confirmation that says whom to ring if it was not them', async () => {
    const sent = await answerBy(service, browser, await secretOf(called.sergeant), { answer: 'ACCEPTED' });
    expect([sent.status, sent.headers.location]).toEqual([303, '/my/answer']);
    const thanks = await browser.get('/my/answer');
    expect(thanks.text).toContain('Thank you, we have your answer');
    expect(thanks.text).toContain('Coming');
    expect(await invitation(called.sergeant)).toMatchObject({ answer: 'ACCEPTED', status: 'OPEN' });
    const confirmation = await lastMail(service, called.sergeant);
    expect(confirmation.mail.subject).toBe(`Multi-agency meeting ${called.reference}: we have your answer`);
    expect(confirmation.mail.text).toMatch(/Was it not you who answered\? Ring .* on 01632 960 000 at once/);
    expect(confirmation.link).toBeUndefined();
    const [event] = await service.look(
      `select matter_id, agency_id, actor from event where action = 'invitation.answered' order by at desc, seq desc limit 1`,
    );
    expect(event).toMatchObject({ matter_id: called.meeting.matterId, agency_id: called.sergeant.agencyId });
  });

  it('declines with a reason, and may change their mind from the page of thanks', async () => {
    const secret = await secretOf(called.sergeant);
    await answerBy(service, browser, secret, {
      answer: 'DECLINED',
      reason: 'SHIFT_OR_COURT',
      comment: 'In court all day',
    });
    const thanks = await browser.get('/my/answer');
    service.clock.pass(1);
    const changed = await browser
      .post('/my/answer')
      .type('form')
      .send({ ...hiddenOf(thanks), answer: 'TENTATIVE' });
    expect(changed.status).toBe(303);
    expect(await responses(called.sergeant)).toEqual([
      { kind: 'DECLINED', reason: 'SHIFT_OR_COURT', comment: 'In court all day' },
      { kind: 'TENTATIVE', reason: null, comment: null },
    ]);
    expect(await invitation(called.sergeant)).toMatchObject({ answer: 'TENTATIVE' });
  });

  it('suggests another time, which does not change the answer', async () => {
    const secret = await secretOf(called.sergeant);
    await answerBy(service, browser, secret, { answer: 'ACCEPTED' });
    await answerBy(service, browser, secret, { answer: 'SUGGESTED_TIME', anotherTime: 'Any time after noon' });
    expect(await invitation(called.sergeant)).toMatchObject({ answer: 'ACCEPTED' });
    expect(await responses(called.sergeant)).toHaveLength(2);
  });

  it('says that it was not meant for them, and the link is dead', async () => {
    const secret = await secretOf(called.head);
    const sent = await answerBy(service, browser, secret, { answer: 'NOT_ME' });
    expect((await browser.get(sent.headers.location ?? '')).text).toContain('Thank you');
    expect((await browser.get(`/i/${secret}`)).status).toBe(404);
    const [contact] = await service.look(`select status from contact where id = $1`, [called.head.contactId]);
    expect(contact).toEqual({ status: 'UNVERIFIED' });
  });

  it('says that they have moved on and whom to ask, and the link is dead', async () => {
    const secret = await secretOf(called.head);
    await answerBy(service, browser, secret, { answer: 'MOVED_ON', whom: 'Fiona Akande' });
    expect(await responses(called.head)).toEqual([{ kind: 'MOVED_ON', reason: null, comment: 'Fiona Akande' }]);
    expect((await browser.get(`/i/${secret}`)).status).toBe(404);
    const [contact] = await service.look(`select status from contact where id = $1`, [called.head.contactId]);
    expect(contact).toEqual({ status: 'UNVERIFIED' });
  });

  it('finds the meeting as it is now behind an old link, and answers for that', async () => {
    const old = await secretOf(called.sergeant);
    await answerBy(service, browser, old, { answer: 'ACCEPTED' });
    await moveTo(service, called, '2026-12-03');
    const page = await browser.get(`/i/${old}`);
    expect(page.text).toContain('Thursday 3 December 2026');
    expect(page.text).toContain('has changed since you were first asked');
    await answerBy(service, browser, old, { answer: 'TENTATIVE' });
    expect(await invitation(called.sergeant)).toMatchObject({ answer: 'TENTATIVE' });
  });

  it('finds the state and no form once the meeting is cancelled or has started', async () => {
    const secret = await secretOf(called.sergeant);
    service.clock.set('2026-12-02T10:00:00Z');
    const started = await browser.get(`/i/${secret}`);
    expect(started.text).toContain('The meeting has started');
    expect(started.text).not.toContain('Send my answer');
    service.clock.set(MONDAY);
    await cancel(service, called);
    const cancelled = await browser.get(`/i/${secret}`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.text).toContain('This meeting has been cancelled');
    expect(cancelled.text).not.toContain('Send my answer');
  });
});

describe('their own pages', () => {
  it('ask for a code first, then name who comes, and how to join from the day before', async () => {
    await answerBy(service, aBrowser(service), await secretOf(called.head), { answer: 'ACCEPTED' });
    const secret = (await service.mail(called.sergeant.address))[0]?.link?.split('/i/')[1] ?? '';
    const { id } = await invitation(called.sergeant);
    await browser.post(`/i/${secret}`);
    const away = await browser.get(`/my/meetings/${id}`);
    expect([away.status, away.headers.location]).toEqual([303, `/my/code?next=%2Fmy%2Fmeetings%2F${id}`]);
    const ask = await browser.get('/my/code');
    expect(ask.text).not.toContain('Leanne');
    const proved = await prove(service, browser, secret, called.sergeant);
    expect([proved.status, proved.headers.location]).toEqual([303, '/my']);
    expect((await browser.get('/my')).text).toContain(called.reference);
    const page = await browser.get(`/my/meetings/${id}`);
    expect(page.text).toContain('Graham Tull, Post of Graham Tull');
    expect(page.text).not.toContain('4471');
    await answerBy(service, browser, secret, { answer: 'ACCEPTED' });
    service.clock.set('2026-11-30T23:59:00Z');
    const late = aBrowser(service);
    await prove(service, late, secret, called.sergeant);
    expect((await late.get(`/my/meetings/${id}`)).text).not.toContain('4471');
    service.clock.set('2026-12-01T00:01:00Z');
    expect((await late.get(`/my/meetings/${id}`)).text).toContain('Join at room 4471, PIN 9034');
    const other = await invitation(called.head);
    expect((await late.get(`/my/meetings/${other.id}`)).status).toBe(404);
  });

  it('close when they leave', async () => {
    await prove(service, browser, await secretOf(called.sergeant), called.sergeant);
    expect((await browser.get('/my')).status).toBe(200);
    expect((await browser.post('/my/leave')).status).toBe(303);
    expect((await browser.get('/my')).status).toBe(403);
  });
});

describe('a program that looks at every message', () => {
  it('changes nothing by GET and HEAD, twice, along every link it finds; and the person still answers', async () => {
    const own = [called.chair, called.sergeant, called.head].map(({ address }) => address);
    const mails = (await service.mail()).filter(({ to }) => own.includes(to));
    expect(mails).toHaveLength(3);
    const before = await digest(service);
    const seen = new Set<string>();
    const queue = mails.map(({ link }) => new URL(link ?? 'http://localhost/i/none').pathname);
    while (queue.length > 0) {
      const path = queue.shift() ?? '';
      if (seen.has(path)) continue;
      seen.add(path);
      for (let n = 0; n < 2; n += 1) {
        await aBrowser(service).head(path);
        const page = await browser.get(path);
        const html = (page.text as string | undefined) ?? '';
        for (const [, href] of html.matchAll(/(?:href|action)="(\/[^"?#]*)/g)) if (href) queue.push(href);
      }
    }
    expect(seen.size).toBeGreaterThan(mails.length);
    expect(await digest(service)).toEqual(before);
    const secret = await secretOf(called.sergeant);
    expect((await answerBy(service, browser, secret, { answer: 'ACCEPTED' })).status).toBe(303);
  });

  it('and presses every button at once answers nothing and has no code sent', async () => {
    const secret = await secretOf(called.sergeant);
    const page = await browser.get(`/i/${secret}`);
    const pressed = await browser
      .post(`/i/${secret}/answer`)
      .type('form')
      .send({ ...hiddenOf(page), answer: 'ACCEPTED', comment: 'Kept words' });
    expect(pressed.status).toBe(422);
    expect(pressed.text).toContain('Check your answer and send it again');
    expect(pressed.text).toContain('Kept words');
    await browser.post(`/i/${secret}`);
    const code = await browser.get('/my/code');
    expect((await browser.post('/my/code/new').type('form').send(hiddenOf(code))).status).toBe(422);
    expect(await responses(called.sergeant)).toEqual([]);
    expect((await service.mail(called.sergeant.address)).map(({ mail }) => mail.subject)).not.toContain('Your code');
  });
});

describe('refuses', () => {
  it('a form without a choice, a refusal without a reason, words with hidden characters', async () => {
    const secret = await secretOf(called.sergeant);
    const nothing = await browser.post(`/i/${secret}/answer`);
    expect(nothing.status).toBe(422);
    expect(nothing.text).toContain('Choose your answer');
    const noReason = await answerBy(service, browser, secret, { answer: 'DECLINED' });
    expect(noReason.status).toBe(422);
    expect(noReason.text).toContain('Choose why you cannot come');
    expect((await answerBy(service, browser, secret, { answer: 'MAYBE' })).status).toBe(422);
    const hidden = await answerBy(service, browser, secret, { answer: 'ACCEPTED', comment: 'a\u202eb' });
    expect(hidden.text).toContain('hidden characters');
    const long = await answerBy(service, browser, secret, { answer: 'ACCEPTED', comment: 'a'.repeat(10_000) });
    expect(long.text).toContain('500 characters or fewer');
    expect(await responses(called.sergeant)).toEqual([]);
  });

  it('a form sent twice, one of another browser, one kept for more than two hours', async () => {
    const secret = await secretOf(called.sergeant);
    const page = await browser.get(`/i/${secret}`);
    service.clock.pass(1);
    const fields = { ...hiddenOf(page), answer: 'ACCEPTED' };
    const send = (from: Agent): Promise<{ status: number }> =>
      from.post(`/i/${secret}/answer`).type('form').send(fields);
    expect((await send(aBrowser(service))).status).toBe(422);
    const both = await Promise.all([send(browser), send(browser)]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(await responses(called.sergeant)).toHaveLength(1);
    const kept = await browser.get(`/i/${secret}`);
    service.clock.pass(121);
    const stale = await browser
      .post(`/i/${secret}/answer`)
      .type('form')
      .send({ ...hiddenOf(kept), answer: 'TENTATIVE' });
    expect(stale.status).toBe(422);
    expect(await responses(called.sergeant)).toHaveLength(1);
  });

  it('an answer to a time that is no longer so', async () => {
    const secret = await secretOf(called.sergeant);
    const page = await browser.get(`/i/${secret}`);
    await moveTo(service, called, '2026-12-04');
    service.clock.pass(1);
    const sent = await browser
      .post(`/i/${secret}/answer`)
      .type('form')
      .send({ ...hiddenOf(page), answer: 'ACCEPTED' });
    expect(sent.status).toBe(422);
    expect(sent.text).toContain('The meeting has moved since you opened this page. Please answer again');
    expect(sent.text).not.toMatch(/<input[^>]*type="radio"[^>]*\bchecked/);
    expect(await responses(called.sergeant)).toEqual([]);
  });

  it('an answer sent from another website', async () => {
    const secret = await secretOf(called.sergeant);
    const sent = await browser.post(`/i/${secret}/answer`).set('Sec-Fetch-Site', 'cross-site').type('form').send({});
    expect(sent.status).toBe(403);
  });
});
