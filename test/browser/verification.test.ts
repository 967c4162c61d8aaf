import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { VerificationsService } from '../../src/directory/verification/verifications.service.js';
import { MattersService } from '../../src/matters/matters.service.js';
import { browseService, type BrowsedService, canBrowse, look } from '../support/browser.js';

const inBrowser = canBrowse ? describe : describe.skip;
const LEANNE = 'leanne.firth@northshire.police.example';
const MARK = 'mark.oyelaran@northshire.police.example';
let browsed: BrowsedService;
let owen: Page;

const mailTo = async (address: string, subject: string) => {
  const mails = await browsed.service.mail(address);
  return mails.findLast((one) => one.mail.subject === subject);
};
const linkOf = async (address: string): Promise<string> =>
  (await mailTo(address, 'Are your contact details still right?'))?.link ?? '';
const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

inBrowser('whether details are still right', () => {
  beforeAll(async () => {
    browsed = await browseService({ story: false });
    const { service } = browsed;
    await service.look(`update contact set last_verified_at = '2026-07-01' where email = any($1)`, [[LEANNE, MARK]]);
    await service.get(VerificationsService).askDue();
    owen = await browsed.person();
    await owen.goto('/sign-in');
    await owen.getByRole('radio', { name: /Owen/ }).check();
    await press(owen, 'Sign in');
  }, 120_000);

  afterAll(async () => {
    await browsed.stop();
  });

  it('is one press on a phone', async () => {
    const leanne = await browsed.person({ phone: true });
    await leanne.goto(await linkOf(LEANNE));
    expect(await look(leanne, 'verification-asked')).toEqual([]);
    browsed.service.clock.pass(1);
    await press(leanne, 'Yes, all of this is still right');
    await leanne.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(await look(leanne, 'verification-thanks')).toEqual([]);
  });

  it('what has changed is put right behind the code', async () => {
    const mark = await browsed.person({ phone: true });
    await mark.goto(await linkOf(MARK));
    browsed.service.clock.pass(1);
    await press(mark, 'Something has changed: correct it');
    browsed.service.clock.pass(1);
    await mark.getByRole('button', { name: /code/i }).first().click();
    const code = /\d{4}-\d{4}/.exec((await mailTo(MARK, 'Your code'))?.mail.text ?? '')?.[0] ?? '';
    await mark.getByLabel(/code/i).first().fill(code);
    await press(mark, 'Continue');
    await mark.getByRole('heading', { name: 'Your contact details' }).waitFor();
    await mark.getByLabel('Email address').fill('mark.o@northshire.police.example');
    browsed.service.clock.pass(1);
    await press(mark, /^Save/);
    await mark.getByText('You asked us to write to mark.o@northshire.police.example').waitFor();
    expect(await look(mark, 'verification-own-details')).toEqual([]);
  });

  it('what needs a person stands on the worklist and a page of its own', async () => {
    await owen.goto('/');
    await owen.getByText('Somebody has a new address').waitFor();
    await owen.goto('/directory/upkeep');
    await owen.getByText('mark.o@northshire.police.example').waitFor();
    expect(await look(owen, 'verification-upkeep')).toEqual([]);
  });

  it('invitations to strange addresses are looked at once more', async () => {
    const { service } = browsed;
    await service.look(`update agency set email_domains = '{elsewhere.example}' where name = 'Northshire Police'`);
    const by = await service.staff('owen.tidy@northshire.example');
    const { id } = await service.get(MattersService).open(by, {
      ...{ kind: 'ALLEGATION', sensitivity: 'STANDARD', neutralTitle: 'Enquiry 9', coordinatorId: by.id },
      ...{ facts: [], externalIds: [] },
    });
    await owen.goto(`/matters/${id}/meetings/new`);
    await owen.getByLabel('Kind of meeting').selectOption('ALLEGATION_MEETING');
    await owen.getByLabel('Date').fill('2026-12-03');
    await owen.getByLabel('Starts at').fill('10:00');
    await press(owen, 'Continue');
    await owen.getByLabel('Find somebody else').fill('Leanne Firth');
    await press(owen, 'Find');
    await owen.getByRole('checkbox', { name: 'Leanne Firth' }).first().check();
    const chair = owen.getByLabel('Chair', { exact: true });
    await chair.selectOption(await chair.locator('option', { hasText: 'Leanne Firth' }).first().getAttribute('value'));
    await press(owen, 'Continue');
    await press(owen, /^Send \d+ invitation/);
    await owen.getByRole('heading', { name: /Look once more/ }).waitFor();
    expect(await look(owen, 'verification-look-once-more')).toEqual([]);
    await owen.getByLabel(/I have looked at every name/).check();
    await press(owen, 'Send the invitations');
    await owen.getByText('The invitations are on their way').waitFor();
  });
});
