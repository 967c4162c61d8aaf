import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCouncil } from '../support/matters.js';
import { atConsole } from '../support/console.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy } from '../support/visitor.js';

let service: TestService;
let cast: Cast;
let ref: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  ref = (await aMeeting(service, cast)).ref;
});
afterAll(async () => {
  await service.stop();
});

const wordsOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the history', () => {
  it('says whom and what each line is about, and why', async () => {
    const owen = await atConsole(service, cast.council.owen);
    const text = wordsOf((await owen.get('/history')).text);
    expect(text).toContain(`Meeting scheduled: ${ref}`);
    expect(text).toMatch(new RegExp(`Invitation sent: [^:]+, ${ref}`));
    expect(text).not.toMatch(/[A-Z]+_[A-Z]+/);
  });

  it('of one thing is reached by its address', async () => {
    const owen = await atConsole(service, cast.council.owen);
    const text = wordsOf((await owen.get(`/history?object=matter:${cast.matter.id}`)).text);
    expect(text).toContain(`Matter opened: ${cast.matter.ref}`);
    expect(text).not.toContain('Meeting scheduled');
  });
});

describe('refuses', () => {
  it('to name a matter, its meeting or its people to the other desk and to another authority', async () => {
    const other = await aCouncil(service, 'eastmere.example');
    for (const reader of [cast.council.bev, other.owen]) {
      const page = await (await atConsole(service, reader)).get(`/history?object=matter:${cast.matter.id}`);
      expect(page.text).toContain('Nothing has happened yet');
      expect((await (await atConsole(service, reader)).get('/history')).text).not.toContain(cast.matter.ref);
    }
  });

  it('to say to the other desk who was written to', async () => {
    const [mail] = await service.mail(cast.leanne.address);
    const secret = mail?.link?.split('/i/')[1] ?? '';
    await answerBy(service, aBrowser(service), secret, { answer: 'ACCEPTED' });
    const kept = await service.look(`select 1 from event where action = 'contact.verified' and matter_id is null`);
    expect(kept).toHaveLength(1);
    const bev = await atConsole(service, cast.council.bev);
    const text = wordsOf((await bev.get('/history')).text);
    expect(text).not.toMatch(/Contact verified|Link sent again|Code (proved|refused)/);
  });

  it.each(['nonsense', 'meeting:not-an-id', "x'; drop table event; --"])(
    '%j as an object with an empty page',
    async (object) => {
      const owen = await atConsole(service, cast.council.owen);
      const page = await owen.get(`/history?object=${encodeURIComponent(object)}`);
      expect(page.status).toBe(200);
      expect(page.text).toContain('Nothing has happened yet');
    },
  );
});
