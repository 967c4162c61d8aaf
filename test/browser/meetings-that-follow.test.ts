import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type BrowsedService, browseService, canBrowse, look } from '../support/browser.js';

jest.setTimeout(120_000);

const inBrowser = canBrowse ? describe : describe.skip;

inBrowser('what follows a meeting, and what is only held', () => {
  let browsed: BrowsedService;
  let owen: Page;
  let meeting: string;
  const wrong: string[] = [];

  beforeAll(async () => {
    browsed = await browseService();
    owen = await browsed.person();
    await owen.goto('/');
    await owen.getByLabel('Owen Tidy').check();
    await owen.getByRole('button', { name: 'Sign in' }).first().click();
    await owen.waitForLoadState();
    const [row] = await browsed.service.look<{ id: string }>(
      `select m.id from meeting m join matter t on t.id = m.matter_id
       where m.status = 'SCHEDULED' and t.kind = 'ALLEGATION' order by m.starts_at desc limit 1`,
    );
    meeting = `/meetings/${row?.id ?? ''}`;
  }, 90_000);
  afterAll(async () => {
    await browsed.stop();
  });

  const see = async (name: string): Promise<void> => {
    wrong.push(...(await look(owen, name)));
  };

  it('the dates of a series are worked out, on a page that all can use', async () => {
    await owen.goto(`${meeting}/series`);
    await owen.getByLabel('How many meetings follow?').fill('3');
    await owen.getByRole('button', { name: 'Work out the dates' }).click();
    await expect(owen.getByText('Follow-up 3').isVisible()).resolves.toBe(true);
    await see('60-series');
  });

  it('a held time says so, and is made certain', async () => {
    const id = meeting.split('/').at(-1);
    await browsed.service.look(`update meeting set status = 'PROPOSED' where id = $1`, [id]);
    await owen.goto(meeting);
    await expect(owen.getByText('not certain yet').isVisible()).resolves.toBe(true);
    await see('61-held');
    await owen.getByRole('button', { name: 'Make it certain' }).click();
    await see('62-confirmation');
    await owen.goto(`${meeting}/cancellation`);
    await see('63-release');
    const [one] = await browsed.service.look<{ id: string }>(
      `select id from invitation where meeting_id = $1 and status = 'OPEN' limit 1`,
      [id],
    );
    await owen.goto(`${meeting}/invitations/${one?.id ?? ''}/need`);
    await see('64-need');
  });

  it('nothing on these pages is wrong for anybody', () => {
    expect(wrong).toEqual([]);
  });
});
