import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LinksService } from '../../src/access/links.service.js';
import { type Actor } from '../../src/access/actor.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SubstitutesService } from '../../src/meetings/substitutes.service.js';
import { type WorklistKind, type WorklistRow } from '../../src/worklist/worklist.js';
import { WorklistService } from '../../src/worklist/worklist.service.js';
import { lastMail } from '../support/called-meeting.js';
import { aCouncil, type Placed, someone } from '../support/matters.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy } from '../support/visitor.js';
import { signedIn } from '../support/staff-browser.js';

let service: TestService;
let cast: Cast;
let owen: Actor;
let meeting: Meeting;
let casts = 0;

beforeAll(async () => {
  service = await startService();
});

beforeEach(async () => {
  casts += 1;
  service.clock.set(MONDAY);
  cast = await aCast(service, `worklist${casts}.example`);
  owen = cast.council.owen;
  meeting = await aMeeting(service, cast);
  service.clock.pass(10);
});

afterAll(async () => {
  await service.stop();
});

const rows = async (kind: WorklistKind, by = owen): Promise<WorklistRow[]> =>
  (await service.get(WorklistService).rows(by)).filter((row) => row.kind === kind);

const invitationOf = async (who: Placed): Promise<string> => {
  const [row] = await service.look<{ id: string }>(
    'select id from invitation where meeting_id = $1 and contact_id = $2 order by created_at desc limit 1',
    [meeting.id, who.contactId],
  );
  return row?.id ?? '';
};

const asksForStranger = async (who: Placed): Promise<void> => {
  const { secret } = await lastMail(service, who);
  const found = await service.get(LinksService).find(secret);
  if (found === undefined) throw new Error('No link');
  const stranger = { name: 'Sam Stone', email: 'sam.stone@elsewhere.example', postTitle: 'Inspector' };
  const { outcome } = await service.get(SubstitutesService).name(found.actor, await invitationOf(who), stranger);
  expect(outcome).toBe('ASKED');
  service.clock.pass(1);
};

const leaves = (who: Placed): Promise<unknown> => service.get(ContactsService).leave(owen, who.contactId);

describe('a substitute whose address is not the agency’s', () => {
  it('waits for the coordinator, who is led to the page where they are invited', async () => {
    await asksForStranger(cast.leanne);
    await asksForStranger(cast.leanne);
    const [row, ...more] = await rows('SUBSTITUTE_ASKED');
    expect(more).toEqual([]);
    expect(row).toMatchObject({ about: meeting.ref, id: meeting.id, due: meeting.startsAt });
    expect(row?.detail).toMatch(/^Sam Stone, for Leanne Firth \(Agency of Leanne Firth/);
    const home = await (await signedIn(service, owen)).get('/');
    expect(home.text).toContain(`href="/meetings/${meeting.id}/invitations">Check and invite them`);
  });

  it('waits no more when somebody new of the agency is invited', async () => {
    await asksForStranger(cast.leanne);
    await service.get(InvitationsService).add(owen, meeting.id, { contactId: cast.tull.contactId });
    expect(await rows('SUBSTITUTE_ASKED')).toHaveLength(1);
    await service.get(InvitationsService).add(owen, meeting.id, { contactId: cast.mark.contactId });
    expect(await rows('SUBSTITUTE_ASKED')).toEqual([]);
  });

  it('waits no more when the invitee has answered since, or the meeting is over', async () => {
    await asksForStranger(cast.leanne);
    await asksForStranger(cast.fiona);
    expect(await rows('SUBSTITUTE_ASKED')).toHaveLength(2);
    await service.get(AnswersService).recordByPhone(owen, await invitationOf(cast.leanne), { kind: 'ACCEPTED' });
    expect(await rows('SUBSTITUTE_ASKED')).toMatchObject([{ detail: expect.stringContaining('Fiona Akande') }]);
    service.clock.set('2026-12-02T12:00:00Z');
    expect(await rows('SUBSTITUTE_ASKED')).toEqual([]);
  });
});

describe('a place somebody left behind', () => {
  it('is shown until another of the agency is invited', async () => {
    expect(await rows('PLACE_VACATED')).toEqual([]);
    await leaves(cast.leanne);
    const [row] = await rows('PLACE_VACATED');
    expect(row).toMatchObject({ about: meeting.ref, id: meeting.id });
    expect(row?.detail).toMatch(/^Leanne Firth, Agency of Leanne Firth/);
    await service.get(InvitationsService).add(owen, meeting.id, { contactId: cast.mark.contactId });
    expect(await rows('PLACE_VACATED')).toEqual([]);
  });

  it('is none where the leaver was not needed any more', async () => {
    await service.get(InvitationsService).withdraw(owen, meeting.id, await invitationOf(cast.tom));
    await leaves(cast.tom);
    expect(await rows('PLACE_VACATED')).toEqual([]);
  });
});

describe('a meeting without its chair', () => {
  it('is shown once, from the day the chair leaves until another is appointed', async () => {
    expect(await rows('NO_CHAIR')).toEqual([]);
    await leaves(cast.priya);
    expect(await rows('NO_CHAIR')).toMatchObject([{ about: meeting.ref, detail: 'Priya Raman', id: meeting.id }]);
    expect(await rows('PLACE_VACATED')).toEqual([]);
    const home = await (await signedIn(service, owen)).get('/');
    expect(home.text).toContain(`href="/meetings/${meeting.id}/edit">Choose another chair`);
    const [now] = await service.look<{ version: number }>('select version from meeting where id = $1', [meeting.id]);
    await service.get(ChangesService).appoint(owen, meeting.id, {
      chairContactId: cast.leanne.contactId,
      minuteTakerContactId: cast.owen.contactId,
      version: now?.version ?? 0,
    });
    expect(await rows('NO_CHAIR')).toEqual([]);
  });

  it('is shown when the chair must not be told any more', async () => {
    const excluded = { contactId: cast.priya.contactId };
    await service.get(ExclusionsService).exclude(owen, cast.matter.id, { excluded, reason: 'RELATIVE' });
    expect(await rows('NO_CHAIR')).toMatchObject([{ id: meeting.id }]);
  });
});

describe('somebody who answered that they are not the one', () => {
  it.each(['MOVED_ON', 'NOT_ME'])('%s by link is shown until a coordinator has checked the contact', async (answer) => {
    const { secret } = await lastMail(service, cast.tom);
    await answerBy(service, aBrowser(service), secret, { answer });
    const row = { about: 'Tom Beck', detail: meeting.ref, id: cast.tom.contactId };
    expect(await rows('CONTACT_UNVERIFIED')).toMatchObject([row]);
    service.clock.pass(1);
    await service.get(ContactsService).verify(owen, cast.tom.contactId);
    expect(await rows('CONTACT_UNVERIFIED')).toEqual([]);
  });

  it('is shown by telephone too, until another answer or their leaving says more', async () => {
    const phoned = async (who: Placed, kind: 'MOVED_ON' | 'ACCEPTED'): Promise<unknown> =>
      service.get(AnswersService).recordByPhone(owen, await invitationOf(who), { kind });
    await phoned(cast.tom, 'MOVED_ON');
    await phoned(cast.fiona, 'MOVED_ON');
    expect((await rows('CONTACT_UNVERIFIED')).map(({ about }) => about).sort()).toEqual(['Fiona Akande', 'Tom Beck']);
    service.clock.pass(1);
    await phoned(cast.tom, 'ACCEPTED');
    await leaves(cast.fiona);
    expect(await rows('CONTACT_UNVERIFIED')).toEqual([]);
  });
});

describe('refuses', () => {
  it('to show anything of an allegation to Bev, or to another authority', async () => {
    await asksForStranger(cast.leanne);
    await service.get(AnswersService).recordByPhone(owen, await invitationOf(cast.fiona), { kind: 'MOVED_ON' });
    await leaves(cast.tom);
    await leaves(cast.priya);
    service.clock.set('2026-12-02T08:00:00Z');
    const kinds = new Set((await service.get(WorklistService).rows(owen)).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'CONTACT_UNVERIFIED',
      'MAIL_NOT_LEAVING',
      'MEETING_TODAY',
      'NO_CHAIR',
      'PLACE_VACATED',
      'REQUIRED_DECLINED',
      'REQUIRED_NOT_CONFIRMED',
      'SUBSTITUTE_ASKED',
    ]);
    expect(await service.get(WorklistService).rows(cast.council.bev)).toEqual([]);
    const elsewhere = await aCouncil(service, `elsewhere${casts}.example`);
    await someone(service, elsewhere, 'Nora Nurse');
    expect(await service.get(WorklistService).rows(elsewhere.owen)).toEqual([]);
  });
});
