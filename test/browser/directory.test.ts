import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page } from 'playwright-core';
import { browseService, type BrowsedService, canBrowse, look } from '../support/browser.js';

const inBrowser = canBrowse ? describe : describe.skip;
let browsed: BrowsedService;
let owen: Page;
let folder: string;

async function signIn(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('radio', { name: /Owen Tidy/ }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
}

inBrowser('the directory', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quorate-list-'));
    browsed = await browseService();
    owen = await browsed.person();
    await signIn(owen);
  }, 120_000);

  afterAll(async () => {
    await browsed.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is searched, read and kept', async () => {
    await owen.goto('/directory');
    expect(await look(owen, 'directory')).toEqual([]);
    await owen.getByLabel('Find a person').fill('northshire police');
    await owen.getByRole('button', { name: 'Find' }).click();
    expect(await look(owen, 'directory-found')).toEqual([]);
    await owen.getByRole('link', { name: 'Leanne Firth', exact: true }).click();
    expect(await look(owen, 'contact')).toEqual([]);
    await owen.getByRole('link', { name: 'They have left' }).click();
    expect(await look(owen, 'contact-leaving')).toEqual([]);
    await owen.goto('/directory/agencies');
    expect(await look(owen, 'agencies')).toEqual([]);
    await owen.getByRole('link', { name: 'Northshire Police', exact: true }).click();
    expect(await look(owen, 'agency')).toEqual([]);
    await owen.getByRole('link', { name: 'Add a post', exact: true }).click();
    expect(await look(owen, 'post-new')).toEqual([]);
  }, 60_000);

  it('says by the field what is wrong with a new person', async () => {
    await owen.goto('/directory/contacts/new');
    await owen.getByLabel('Full name').fill('Tom Beck');
    await owen.getByLabel('Email address').fill('a@b.test,c@evil.test');
    await owen.getByRole('button', { name: 'Add to the directory' }).click();
    await owen.getByRole('link', { name: 'Enter a post' }).waitFor();
    await owen.getByRole('link', { name: 'Enter one email address' }).waitFor();
    expect(await look(owen, 'contact-new-errors')).toEqual([]);
  }, 60_000);

  it('takes people from a chosen file, in the encoding spreadsheets save', async () => {
    const file = join(folder, 'people.csv');
    const list =
      'name;email;agency;category;post\nZoë Adeyemi;zoe@hospice.example;Northshire Hospice;Health;Matron\n;x;Northshire Hospice;;Nurse\n';
    writeFileSync(file, Buffer.from(list, 'latin1'));
    await owen.goto('/directory/people-import');
    expect(await look(owen, 'people-import')).toEqual([]);
    await owen.getByLabel('Choose a CSV file').setInputFiles(file);
    await owen.getByText('people.csv is in the box below.').waitFor();
    await owen.getByRole('button', { name: 'Look at what it would do' }).click();
    expect(await look(owen, 'people-preview')).toEqual([]);
    await owen.getByLabel('Leave out the lines that cannot be taken').check();
    await owen.getByRole('button', { name: 'Add 1 person' }).click();
    await owen.goto('/directory?part=hospice');
    await owen.getByRole('link', { name: 'Zoë Adeyemi' }).waitFor();
  }, 60_000);

  it('works on a phone and without JavaScript', async () => {
    const phone = await browsed.person({ phone: true, script: false });
    await signIn(phone);
    await phone.goto('/directory/people-import');
    expect(await phone.getByLabel('Choose a CSV file').isVisible()).toBe(false);
    await phone
      .getByLabel('The list')
      .fill('name,email,agency,category,post\nIda Nwosu,ida@hospice.example,Northshire Hospice,,Matron');
    await phone.getByRole('button', { name: 'Look at what it would do' }).click();
    await phone.getByRole('button', { name: /^Add 1/ }).click();
    await phone.getByText('1 added').waitFor();
    await phone.getByLabel('Find a person').fill('ida');
    await phone.getByRole('button', { name: 'Find' }).click();
    await phone.getByRole('link', { name: 'Ida Nwosu' }).click();
    expect(await phone.getByRole('heading', { level: 1 }).innerText()).toContain('Ida Nwosu');
  }, 60_000);
});
