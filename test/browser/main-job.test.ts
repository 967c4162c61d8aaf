import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { type BrowsedService, browseService, canBrowse, look } from '../support/browser.js';

jest.setTimeout(90_000);

const inBrowser = canBrowse ? describe : describe.skip;

/** The whole job as people do it: the scenarios of the head teacher who is the subject, and of the owners of actions. */
inBrowser('the whole job, from a matter to an action done', () => {
  let browsed: BrowsedService;
  let owen: Page;
  const wrong: string[] = [];

  beforeAll(async () => {
    browsed = await browseService({ story: false });
    owen = await browsed.person();
  }, 60_000);
  afterAll(async () => {
    await browsed.stop();
  });

  const see = async (page: Page, name: string): Promise<void> => {
    wrong.push(...(await look(page, name)));
  };
  const press = async (page: Page, name: string | RegExp): Promise<void> => {
    await page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click();
  };
  const signIn = async (page: Page, name: string): Promise<void> => {
    await page.goto('/');
    await page.getByLabel(name).check();
    await press(page, 'Sign in');
  };
  const latestLink = async (address: string): Promise<string> => {
    const mails = await browsed.service.mail(address);
    const link = mails.filter((mail) => mail.link !== undefined).at(-1)?.link;
    if (link === undefined) throw new Error(`No link was sent to ${address}`);
    return link;
  };
  const code = async (address: string): Promise<string> => {
    const mails = await browsed.service.mail(address);
    const text =
      mails
        .map(({ mail }) => mail.text ?? '')
        .filter((words) => words.includes('Your code is'))
        .at(-1) ?? '';
    return /Your code is (\d{4}-\d{4})/.exec(text)?.[1] ?? '';
  };

  it('Owen signs in and finds an empty worklist that says what would appear', async () => {
    await owen.goto('/');
    await see(owen, '01-sign-in');
    await signIn(owen, 'Owen Tidy');
    await expect(owen.getByText('Nothing needs you now').isVisible()).resolves.toBe(true);
    await see(owen, '02-worklist-empty');
  });

  it('he types in a contact', async () => {
    await owen.goto('/directory/contacts/new');
    await owen.getByLabel('Full name').fill('Nia Hughes');
    await owen.getByLabel('Email address').fill('nia.hughes@northshire.nhs.example');
    await owen.getByLabel('Post', { exact: true }).fill('Specialist nurse');
    await owen
      .getByLabel('Agency', { exact: true })
      .selectOption({ label: await labelOf(owen, 'Agency', 'Northshire NHS Trust') });
    await see(owen, '03-new-contact');
    await press(owen, /^(Add|Save)/);
    await owen.getByRole('heading', { name: 'Nia Hughes' }).waitFor();
    expect(await owen.locator('main').innerText()).toContain('Specialist nurse');
    await see(owen, '04-contact');
  });

  it('he opens a matter and says who must not be told', async () => {
    await owen.goto('/matters/new');
    await owen.getByLabel('Allegation').check();
    await owen.getByLabel('Neutral title').fill('Enquiry 147, east');
    await owen.getByLabel('A possible criminal offence').check();
    await press(owen, 'Open the matter');
    await owen
      .getByRole('heading', { name: /ALL-2026-\d{4}/ })
      .first()
      .waitFor();
    await see(owen, '05-matter');
    await owen.goto(`${owen.url().split('?')[0] ?? ''}/exclusions`);
    for (const [search, reason] of [
      ['Graham Tull', 'The subject'],
      ['office@hillbrook', 'mailbox'],
    ] as const) {
      await owen.getByLabel('Name of a person, post, mailbox or agency').fill(search);
      await press(owen, 'Search');
      await owen.getByRole('radio').first().check();
      await owen.getByRole('group', { name: 'Why?' }).getByLabel(new RegExp(reason, 'i')).first().check();
      await owen.getByLabel('Whom to ask instead').fill('The chair of governors, Fiona Akande');
      await see(owen, `06-exclusion-${search.split(' ')[0]?.replace('@', '-') ?? ''}`);
      await press(owen, 'Do not tell them');
    }
    await expect(owen.getByRole('rowheader', { name: 'Graham Tull' }).isVisible()).resolves.toBe(true);
    await see(owen, '07-exclusions');
  });

  it('he schedules the meeting and sends the invitations', async () => {
    await owen.goto('/matters');
    await owen
      .getByRole('link', { name: /ALL-2026-/ })
      .first()
      .click();
    await owen
      .getByRole('link', { name: /Schedule a meeting/ })
      .or(owen.getByRole('button', { name: /Schedule a meeting/ }))
      .first()
      .click();
    await owen.getByLabel('Kind of meeting').selectOption('ALLEGATION_MEETING');
    await owen.getByLabel('Date').fill('2026-12-02');
    await owen.getByLabel('Starts at').fill('10:00');
    await owen.getByLabel('Ends at').fill('11:15');
    await owen.getByLabel('Video').first().check();
    await see(owen, '08-when');
    await press(owen, 'Continue');
    await owen.getByLabel('Find somebody else').fill('Graham Tull');
    await press(owen, 'Find');
    await expect(owen.getByText('Nobody found for “Graham Tull”').isVisible()).resolves.toBe(true);
    for (const name of ['Fiona Akande', 'Joan Petty', 'Leanne Firth', 'Tom Beck', 'Sadia Noor']) {
      await owen.getByLabel('Find somebody else').fill(name);
      await press(owen, 'Find');
      await owen.getByRole('checkbox', { name }).first().check();
    }
    await owen
      .getByLabel('Chair', { exact: true })
      .selectOption({ label: await labelOf(owen, 'Chair', 'Priya Raman') });
    await see(owen, '09-people');
    await press(owen, 'Continue');
    await owen.getByLabel('Fiona Akande comes as').selectOption('EMPLOYER');
    await owen.getByLabel('Fiona Akande is needed').selectOption('BY_QUORUM');
    await owen.getByLabel('Leanne Firth is needed').selectOption('BY_QUORUM');
    await see(owen, '10-check');
    await press(owen, /^Send \d+ invitations/);
    await owen
      .getByRole('heading', { name: /ALL-2026-\d{4}/ })
      .first()
      .waitFor();
    await see(owen, '11-meeting');
    const mails = await browsed.service.mail();
    const invited = mails.filter(({ calendar }) => calendar !== undefined).map(({ to }) => to);
    expect(new Set(invited)).toEqual(
      new Set([
        'priya.raman@northshire.example',
        'fiona.akande@governors.example',
        'joan.petty@kestrel.example',
        'leanne.firth@northshire.police.example',
        'tom.beck@northshire.nhs.example',
        'sadia.noor@northshire.example',
      ]),
    );
    expect(mails.map(({ raw }) => raw).join('')).not.toMatch(/Tull|Hillbrook|allegation/i);
  });

  it('the detective answers in two taps on a phone, without JavaScript', async () => {
    const leanne = await browsed.person({ phone: true, script: false });
    await leanne.goto(await latestLink('leanne.firth@northshire.police.example'));
    expect(await leanne.getByRole('radio', { checked: true }).count()).toBe(0);
    browsed.service.clock.pass(1);
    await leanne.getByLabel('I will come').check();
    await leanne.getByRole('button', { name: 'Send my answer' }).click();
    await leanne.getByRole('heading', { name: /Thank you/ }).waitFor();
    expect(await leanne.content()).not.toMatch(/Hillbrook|Fiona|Joan Petty/);
  });

  it('others answer, one declines, and Owen sees who is missing for quorum', async () => {
    for (const address of [
      'priya.raman@northshire.example',
      'fiona.akande@governors.example',
      'joan.petty@kestrel.example',
    ]) {
      const page = await browsed.person({ phone: true });
      await page.goto(await latestLink(address));
      if (address.startsWith('priya')) await see(page, '12-answer-phone');
      browsed.service.clock.pass(1);
      await page.getByLabel('I will come').check();
      await press(page, 'Send my answer');
      await page.getByRole('heading', { name: /Thank you/ }).waitFor();
      if (address.startsWith('priya')) await see(page, '13-thanks-phone');
    }
    const tom = await browsed.person({ phone: true });
    await tom.goto(await latestLink('tom.beck@northshire.nhs.example'));
    browsed.service.clock.pass(1);
    await press(tom, 'Send my answer');
    await tom.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await see(tom, '14-nothing-chosen-phone');
    await tom.getByLabel('I cannot come').check();
    await tom.getByLabel('Why can you not come?').selectOption({ index: 1 });
    browsed.service.clock.pass(1);
    await press(tom, 'Send my answer');
    await tom.getByRole('heading', { name: /Thank you/ }).waitFor();
    await owen.reload();
    expect(await owen.locator('main').innerText()).toContain('Every place has somebody who is coming');
    await see(owen, '15-meeting-answered');
    await owen.goto('/');
    await see(owen, '16-worklist');
  });

  it('after the meeting he records who came and what was agreed', async () => {
    browsed.service.clock.set('2026-12-02T11:20:00Z');
    await owen.goto('/meetings?when=past');
    await owen.goto('/');
    await owen.getByRole('link', { name: /Record attendance/ }).click();
    await see(owen, '17-register');
    await press(owen, 'Record who came');
    await see(owen, '18-register-recorded');
    await owen.goto(owen.url().replace(/\/attendance.*/, '/actions'));
    await owen.getByLabel('What is to be done?').fill('Get statements from the two members of staff on duty');
    await owen.getByLabel('Somebody else').fill('HR');
    await press(owen, 'Record and tell the owner');
    await owen.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await see(owen, '19-action-refused');
    await owen.getByRole('radio', { name: /Joan Petty/ }).check();
    await owen.getByLabel('Somebody else').fill('');
    await owen.getByLabel('By when?').fill('2026-12-04');
    await press(owen, 'Record and tell the owner');
    await owen.getByRole('table').getByText('Get statements').waitFor();
    expect(await owen.getByRole('table').innerText()).toContain('Joan Petty');
    await see(owen, '20-actions-of-meeting');
  });

  it('Joan completes the action from her link, after the emailed code', async () => {
    const joan = await browsed.person({ phone: true });
    await joan.goto(await latestLink('joan.petty@kestrel.example'));
    expect(await joan.content()).not.toContain('Get statements');
    await see(joan, '21-action-link-phone');
    browsed.service.clock.pass(1);
    await press(joan, 'Continue');
    await see(joan, '22-code-phone');
    browsed.service.clock.pass(1);
    await press(joan, 'Email me a code');
    await joan.getByLabel('Code').fill(await code('joan.petty@kestrel.example'));
    await press(joan, 'Continue');
    await see(joan, '23-own-actions-phone');
    browsed.service.clock.pass(1);
    await joan.getByLabel('It is done').check();
    await joan.getByLabel('In your words').fill('Both statements are with the chair.');
    await press(joan, 'Send');
    await joan.getByText('Thank you').first().waitFor();
    await see(joan, '25-done-phone');
    await owen.goto('/actions?show=all');
    await see(owen, '26-actions');
    await owen.goto('/');
    await owen.getByText('Action done: check it').waitFor();
  });

  it('Bev, of the other desk, finds nothing of it', async () => {
    const bev = await browsed.person();
    await signIn(bev, 'Bev Castle');
    for (const path of ['/', '/matters', '/meetings', '/actions', '/history']) {
      await bev.goto(path);
      expect(await bev.locator('main').innerText()).not.toMatch(/ALL-2026|Enquiry 147/);
    }
    await see(bev, '27-bev');
  });

  it('and no page on the way was inaccessible or wider than its screen', () => {
    expect(wrong).toEqual([]);
  });
});

async function labelOf(page: Page, list: string, name: string): Promise<string> {
  const options = await page.getByLabel(list, { exact: true }).locator('option').allInnerTexts();
  return options.find((text) => text.includes(name)) ?? name;
}
