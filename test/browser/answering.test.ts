import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type BrowsedService, browseService, canBrowse, look } from '../support/browser.js';
import { aCalledMeeting, type CalledMeeting, lastMail } from '../support/called-meeting.js';
import { MONDAY } from '../support/service.js';
import { codeIn } from '../support/visitor.js';

jest.setTimeout(90_000);

const whenBrowsing = canBrowse ? describe : describe.skip;

whenBrowsing('somebody without an account, on a telephone', () => {
  let browsed: BrowsedService;
  let called: CalledMeeting;

  beforeAll(async () => {
    browsed = await browseService();
    browsed.service.clock.set(MONDAY);
    called = await aCalledMeeting(browsed.service);
  }, 90_000);

  afterAll(async () => {
    await browsed.stop();
  });

  const open = async (page: Page): Promise<void> => {
    const { secret } = await lastMail(browsed.service, called.sergeant);
    await page.goto(`/i/${secret}`);
    browsed.service.clock.pass(0.5);
  };

  it('names a substitute: the form, the code, the colleague', async () => {
    const page = await browsed.person({ phone: true });
    await open(page);
    expect(await look(page, 'answer-form')).toEqual([]);
    await page.getByRole('button', { name: 'Send my answer' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Choose your answer');
    expect(await look(page, 'answer-form-empty')).toEqual([]);
    browsed.service.clock.pass(0.5);
    await page.getByLabel('I cannot come').check();
    expect(await look(page, 'answer-form-reason')).toEqual([]);
    await page.getByLabel('Someone else of my agency will come').check();
    await page.getByRole('button', { name: 'Send my answer' }).click();
    expect(await look(page, 'code-ask')).toEqual([]);
    browsed.service.clock.pass(0.5);
    await page.getByRole('button', { name: 'Email me a code' }).click();
    await page.getByLabel('Code').fill('0000 0000');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await look(page, 'code-wrong')).toEqual([]);
    await page.getByLabel('Code').fill(await codeIn(browsed.service, called.sergeant));
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await look(page, 'substitute')).toEqual([]);
    await page.getByLabel('Their full name').fill('Sam Stone');
    await page.getByLabel('Their own email address').fill('sam.stone@force.example');
    await page.getByLabel('Their post').fill('Inspector');
    await page.getByLabel('Yes').check();
    await page.getByRole('button', { name: 'Send them the invitation' }).click();
    expect(await page.getByRole('status').textContent()).toContain('They have an invitation of their own now');
    expect(await look(page, 'own-meeting-replaced')).toEqual([]);
    await page.getByRole('link', { name: 'Your meetings and actions' }).click();
    expect(await look(page, 'own-page')).toEqual([]);
  });

  it('accepts without JavaScript, and asks for a lost link', async () => {
    const page = await browsed.person({ phone: true, script: false });
    const { secret } = await lastMail(browsed.service, called.head);
    await page.goto(`/i/${secret}`);
    browsed.service.clock.pass(0.5);
    await page.getByLabel('I will come').check();
    await page.getByRole('button', { name: 'Send my answer' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Thank you, we have your answer');
    const seen = await browsed.person({ phone: true });
    await seen.goto(`/i/${secret}`);
    expect(await look(seen, 'answer-given')).toEqual([]);
    await seen.goto('/i/unknown');
    expect(await look(seen, 'link-gone')).toEqual([]);
    await seen.getByLabel('Email address').fill(called.head.address);
    await seen.getByRole('button', { name: 'Send my link again' }).click();
    expect(await seen.getByRole('heading', { level: 1 }).textContent()).toBe('Look at your email');
  });
});
