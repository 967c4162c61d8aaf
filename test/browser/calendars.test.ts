import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { ReadingService } from '../../src/feeds/reading.service.js';
import { Outgoing } from '../../src/web/outgoing.js';
import { type BrowsedService, browseService, canBrowse, look } from '../support/browser.js';
import { aCalledMeeting, type CalledMeeting, lastMail } from '../support/called-meeting.js';
import { CalendarServer, HOST } from '../support/calendar-server.js';
import { MONDAY } from '../support/service.js';
import { codeIn } from '../support/visitor.js';

jest.setTimeout(90_000);

const whenBrowsing = canBrowse ? describe : describe.skip;

const NINTH = [
  ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:a', 'DTSTART:20261209T090000Z', 'DTEND:20261209T120000Z'],
  ...['SUMMARY:Dentist', 'END:VEVENT', 'END:VCALENDAR', ''],
].join('\r\n');

whenBrowsing('people’s own calendars', () => {
  let browsed: BrowsedService;
  let called: CalledMeeting;
  let server: CalendarServer;

  beforeAll(async () => {
    browsed = await browseService({ story: false });
    server = await CalendarServer.start();
    Object.assign(browsed.service.get(Outgoing), { routes: server.routes });
    browsed.service.clock.set(MONDAY);
    called = await aCalledMeeting(browsed.service);
  }, 90_000);

  afterAll(async () => {
    await browsed.stop();
    await server.stop();
  });

  const prove = async (page: Page): Promise<void> => {
    const { secret } = await lastMail(browsed.service, called.sergeant);
    await page.goto(`/i/${secret}`);
    browsed.service.clock.pass(0.5);
    await page.getByRole('button', { name: 'Continue' }).click();
    browsed.service.clock.pass(0.5);
    await page.goto('/my/code');
    browsed.service.clock.pass(0.5);
    await page.getByRole('button', { name: 'Email me a code' }).click();
    await page.getByLabel('Code').fill(await codeIn(browsed.service, called.sergeant));
    await page.getByRole('button', { name: 'Continue' }).click();
  };

  it('are put together on a telephone: our meetings there, their busy times here', async () => {
    const page = await browsed.person({ phone: true });
    await prove(page);
    await page.goto('/my');
    expect(await look(page, 'own-page-with-calendar')).toEqual([]);
    await page.getByRole('link', { name: 'Meetings in your calendar, and when you are busy' }).click();
    expect(await look(page, 'own-calendar')).toEqual([]);
    await page.getByRole('button', { name: 'Make a private address' }).click();
    const address = await page.getByLabel('Private address of your meetings').inputValue();
    expect(address).toMatch(/\/feeds\/[A-Za-z0-9_-]{43}\.ics$/);
    expect(await look(page, 'own-calendar-address')).toEqual([]);
    expect(await (await fetch(address)).text()).toContain(`SUMMARY:${called.reference}`);
    await page.goto('/my/calendar');
    await page.getByLabel('Web address of your published calendar').fill('http://localhost/calendar.ics');
    await page.getByRole('button', { name: 'Use this calendar' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Enter the web address of a published calendar');
    expect(await look(page, 'own-calendar-wrong')).toEqual([]);
    await page.getByLabel('Web address of your published calendar').fill(`webcal://${HOST}/calendar.ics`);
    await page.getByRole('button', { name: 'Use this calendar' }).click();
    expect(await look(page, 'own-calendar-unread')).toEqual([]);
    server.publishes(NINTH);
    browsed.service.clock.pass(15);
    await browsed.service.get(ReadingService).readDue(browsed.service.clock.now());
    await page.goto('/my/calendar');
    expect(await page.getByText('We know when you are busy as of').count()).toBe(1);
    expect(await look(page, 'own-calendar-read')).toEqual([]);
  });

  it('are seen by the coordinator who chooses a time, on a desk’s screen and without JavaScript', async () => {
    const { priya } = called.council;
    const page = await browsed.person({ script: false });
    await page.goto('/sign-in');
    await page.locator(`input[value="${priya.authorityId}:${priya.id}"]`).check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Meetings in your calendar' }).click();
    await page.getByRole('button', { name: 'Make a private address' }).click();
    expect(await page.getByLabel('Private address of your meetings').inputValue()).toContain('/feeds/');
    const seen = await browsed.person();
    await seen.context().addCookies(await page.context().cookies());
    await seen.goto('/calendar');
    expect(await look(seen, 'staff-calendar')).toEqual([]);
    await seen.goto(`/directory/contacts/${called.sergeant.contactId}/calendar`);
    expect(await look(seen, 'contact-calendar')).toEqual([]);
    await seen.goto(`/directory/contacts/${called.head.contactId}/calendar`);
    expect(await look(seen, 'contact-calendar-none')).toEqual([]);
    await seen.goto(`/meetings/${called.meeting.id}/edit`);
    await seen.getByLabel('Date').fill('2026-12-09');
    await seen.getByRole('button', { name: 'Continue' }).click();
    const told = 'Leanne Firth is busy in their own calendar';
    expect(await seen.getByText(told).count()).toBe(1);
    expect(await seen.getByText('Dentist').count()).toBe(0);
    expect(await look(seen, 'edit-meeting-busy')).toEqual([]);
  });
});
