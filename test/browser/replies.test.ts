import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { arrive, replies } from '../support/arriving.js';
import { browseService, type BrowsedService, canBrowse, look } from '../support/browser.js';
import { aCalledMeeting, type CalledMeeting } from '../support/called-meeting.js';
import { FOUND } from '../support/replies.js';

const inBrowser = canBrowse ? describe : describe.skip;
let browsed: BrowsedService;
let priya: Page;
let called: CalledMeeting;

inBrowser('replies', () => {
  beforeAll(async () => {
    browsed = await browseService();
    called = await aCalledMeeting(browsed.service);
    await browsed.service.mail();
    await browsed.service.look('update authority set demonstration = (id = $1)', [called.council.id]);
    priya = await browsed.person();
    await priya.goto('/sign-in');
    await priya.getByRole('radio', { name: /Priya/ }).check();
    await priya.getByRole('button', { name: 'Sign in' }).click();
  }, 120_000);

  afterAll(async () => {
    await browsed.stop();
  });

  it('are looked at, recorded and put aside; the meeting shows every answer', async () => {
    const { service } = browsed;
    const { sergeant, head } = called;
    await priya.goto('/replies');
    expect(await look(priya, 'replies-none')).toEqual([]);
    const from = { name: 'Leanne at home', address: 'leanne@phone.example' };
    const mail = {
      sender: from,
      text: 'Leanne has accepted.\nSee you there',
      authentication: FOUND.forged('phone.example'),
    };
    await replies(service, called, sergeant, { odd: { attendee: from.address }, mail });
    await arrive(service, called, head, { kind: 'AUTOMATIC', text: 'I am away until 7 December 2026' });
    const proposes = { start: '20261203T140000', end: '20261203T153000', tzid: 'GMT Standard Time' };
    const odd = { method: 'COUNTER', partstat: 'TENTATIVE', proposes, comment: 'After court' } as const;
    await replies(service, called, head, { program: 'EXCHANGE', odd });
    await replies(service, called, head, { odd: { partstat: 'TENTATIVE' } });
    await priya.goto('/replies');
    expect(await look(priya, 'replies')).toEqual([]);
    await priya
      .getByRole('link', { name: /Look at it/ })
      .first()
      .click();
    await priya.getByText('Record it as their answer').click();
    await priya.getByText('It is somebody who is to come instead').click();
    expect(await look(priya, 'reply')).toEqual([]);
    await priya.getByRole('button', { name: 'Record the answer' }).click();
    await priya.goto(`/meetings/${called.meeting.id}`);
    for (const summary of await priya.locator('details > summary').all()) await summary.click();
    expect(await look(priya, 'meeting-answers')).toEqual([]);
    await priya.getByRole('link', { name: /Keep it as it is/ }).click();
    expect(await look(priya, 'proposal-refusal')).toEqual([]);
    await priya.setViewportSize({ width: 360, height: 800 });
    for (const [name, path] of [
      ['worklist-narrow', '/'],
      ['replies-narrow', '/replies'],
      ['meeting-answers-narrow', `/meetings/${called.meeting.id}`],
    ] as const) {
      await priya.goto(path);
      expect(await look(priya, name)).toEqual([]);
    }
  }, 120_000);
});
