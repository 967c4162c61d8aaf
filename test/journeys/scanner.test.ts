import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Agent } from 'supertest';
import { ActionsService } from '../../src/actions/actions.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { aKestrel, type Kestrel, type Person, theMeeting } from '../support/kestrel.js';
import { type Placed } from '../support/matters.js';
import { startServiceWithMailServer } from '../support/separate-mail.js';
import { type CaughtMail, type TestService } from '../support/service.js';
import { aBrowser, answerBy, digest, hiddenOf, prove } from '../support/visitor.js';

let service: TestService;
let cast: Kestrel;
let meeting: Meeting;

beforeAll(async () => {
  service = await startServiceWithMailServer();
  cast = await aKestrel(service);
  meeting = await theMeeting(service, cast);
  await everyKindOfMessage();
});

afterAll(async () => {
  await service.stop();
});

const placed = (person: Person): Placed => person as unknown as Placed;
const secretOf = (mail: CaughtMail | undefined): string => mail?.link?.split('/i/')[1] ?? '';
const linkTo = async (who: Person): Promise<string> =>
  secretOf((await service.mail(who.address)).findLast(({ link }) => link !== undefined));

/** Lets a message of each kind leave: asked, answered, moved, withdrawn, cancelled, lost, a code for each door, an action. */
async function everyKindOfMessage(): Promise<void> {
  const { owen } = cast.council;
  await service.mail();
  await answerBy(service, aBrowser(service), await linkTo(cast.mark), { answer: 'ACCEPTED' });
  await prove(service, aBrowser(service), await linkTo(cast.mark), placed(cast.mark));
  const slot = { date: '2026-12-02', from: '10:00', to: '11:15', zone: 'Europe/London', mode: 'VIDEO' } as const;
  const another = await service.get(SchedulingService).schedule(owen, {
    matterId: cast.matter.id,
    typeCode: 'ALLEGATION_REVIEW',
    slot: { ...slot, date: '2026-12-16' },
    chairContactId: cast.priya.contactId,
    invitees: [{ contactId: cast.joan.contactId }, { contactId: cast.leanne.contactId }],
  });
  await service.mail();
  await service.get(ChangesService).cancel(owen, another.id, 'Not needed', another.version);
  const version = await versionOf();
  const moved = { ...slot, from: '10:30', to: '11:45' };
  await service.get(ChangesService).reschedule(owen, meeting.id, { slot: moved, version });
  await service.mail();
  const [tom] = await service.look<{ id: string }>(
    `select id from invitation where contact_id = $1 and meeting_id = $2`,
    [cast.tom.contactId, meeting.id],
  );
  await service.get(InvitationsService).withdraw(owen, meeting.id, tom?.id ?? '');
  const again = aBrowser(service);
  await again.get('/i/again');
  await again.post('/i/again').type('form').send({ email: cast.fiona.address });
  service.clock.set('2026-12-02T10:40:00Z');
  const agreed = { text: 'Send the rota', owner: { contactId: cast.fiona.contactId }, dueOn: '2026-12-11' };
  await service.get(ActionsService).agree(owen, meeting.id, agreed);
  await service.mail();
  service.clock.set('2026-12-01T09:00:00Z');
}

async function versionOf(): Promise<number> {
  const [row] = await service.look<{ version: number }>('select version from meeting where id = $1', [meeting.id]);
  return row?.version ?? 0;
}

/** Every link in a message: in its words, its page and its diary entry. */
function linksIn({ mail, calendar }: CaughtMail): string[] {
  const unfolded = (calendar ?? '').replace(/\r?\n[ \t]/g, '').replaceAll('\\n', '\n');
  const all = [mail.text, mail.html?.replaceAll('&amp;', '&'), unfolded].join('\n');
  return [...all.matchAll(/https?:\/\/[^\s"'<>\\)]+/g)].map(([link]) => link);
}

/** The addresses of the same service on a page: of links, of forms sent by GET, of images and styles. */
function addressesOn(html: string, at: string): string[] {
  const found = [...html.matchAll(/<(a|link|img|script|form)\b([^>]*)>/g)].flatMap(([, tag, attributes = '']) => {
    const isPosted = tag === 'form' && /method="post"/i.test(attributes);
    const address = /(?:href|src|action)="([^"#]*)/.exec(attributes)?.[1];
    return isPosted || address === undefined || address === '' ? [] : [address.replaceAll('&amp;', '&')];
  });
  const base = new URL(at, service.settings.baseUrl);
  return found
    .map((address) => new URL(address, base))
    .filter(({ origin }) => origin === base.origin)
    .map(({ pathname, search }) => pathname + search);
}

/** Goes to every address by HEAD and GET, twice, and on along whatever it finds; answers with where it has been. */
async function scan(from: readonly string[], browserFor: () => Agent): Promise<string[]> {
  const seen = new Set<string>();
  const queue = [...from];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const turn of [1, 2]) {
      await browserFor().head(path).redirects(3);
      const page = await browserFor().get(path).redirects(3);
      expect([turn, path, page.status < 500]).toEqual([turn, path, true]);
      if (page.type === 'text/html') queue.push(...addressesOn(page.text, path));
    }
  }
  return [...seen];
}

describe('a program that looks at every message', () => {
  it('finds a message of every kind, with a link wherever there should be one', async () => {
    const kinds = await service.look<{ purpose: string; state: string }>(
      `select distinct purpose, state from message where state = 'SENT' order by 1`,
    );
    expect(kinds.map(({ purpose }) => purpose)).toEqual(
      ['ACTION', 'CANCELLATION', 'CODE', 'CONFIRMATION', 'INVITATION', 'LINK', 'UPDATE', 'WITHDRAWAL'].sort(),
    );
    expect((await service.mail()).filter((mail) => linksIn(mail).length > 0).length).toBeGreaterThan(10);
  });

  it('changes nothing by HEAD and GET, twice, however far it follows', async () => {
    const paths = (await service.mail()).flatMap(linksIn).map((link) => {
      const { origin, pathname, search } = new URL(link);
      expect(origin).toBe(service.settings.baseUrl);
      return pathname + search;
    });
    const before = await digest(service);
    const kept = aBrowser(service);
    const seen = [...(await scan(paths, () => kept)), ...(await scan(paths, () => aBrowser(service)))];
    expect(seen).toContain('/i/again');
    expect(seen.filter((path) => path.startsWith('/i/')).length).toBeGreaterThan(20);
    expect(await digest(service)).toEqual(before);
  });

  it('changes nothing with the browser of somebody who is there already', async () => {
    const secret = await linkTo(cast.sadia);
    const browser = aBrowser(service);
    await prove(service, browser, secret, placed(cast.sadia));
    const before = await digest(service);
    const seen = await scan([`/i/${secret}`, '/my'], () => browser);
    expect(seen.some((path) => path.startsWith('/my/meetings/'))).toBe(true);
    expect(await digest(service)).toEqual(before);
  });

  it('leaves everybody able to answer, and to see their own pages', async () => {
    const before = await digest(service);
    for (const who of [cast.priya, cast.sadia, cast.joan]) {
      const mail = (await service.mail(who.address)).findLast(({ mail: { subject } }) =>
        subject?.includes('has changed'),
      );
      const browser = aBrowser(service);
      expect((await answerBy(service, browser, secretOf(mail), { answer: 'ACCEPTED' })).status).toBe(303);
    }
    expect(await digest(service)).not.toEqual(before);
    const taken = `select c.name from response r join invitation i on i.id = r.invitation_id
      join contact c on c.id = i.contact_id where i.meeting_id = $1 and r.revision = 2 order by c.name`;
    expect(await service.look(taken, [meeting.id])).toEqual(
      ['Joan Petty', 'Priya Raman', 'Sadia Noor'].map((name) => ({ name })),
    );
    const lost = (await service.mail(cast.fiona.address)).findLast(({ link }) => link !== undefined);
    const browser = aBrowser(service);
    expect((await prove(service, browser, secretOf(lost), placed(cast.fiona))).headers.location).toBe('/my');
    expect((await browser.get('/my/actions')).text).toContain('Send the rota');
  });
});

describe('refuses', () => {
  it('the buttons of a program that presses them all at once, and keeps what a person types after it', async () => {
    const mail = (await service.mail(cast.owen.address)).at(-1);
    const path = `/i/${secretOf(mail)}`;
    const robot = aBrowser(service);
    const page = await robot.get(path);
    const pressed = await robot
      .post(`${path}/answer`)
      .type('form')
      .send({ ...hiddenOf(page), answer: 'DECLINED' });
    expect(pressed.status).toBe(422);
    const mine = `select r.kind from response r join invitation i on i.id = r.invitation_id where i.contact_id = $1`;
    expect(await service.look(mine, [cast.owen.contactId])).toEqual([]);
    expect((await answerBy(service, aBrowser(service), secretOf(mail), { answer: 'ACCEPTED' })).status).toBe(303);
    expect(await service.look(mine, [cast.owen.contactId])).toEqual([{ kind: 'ACCEPTED' }]);
  });
});
