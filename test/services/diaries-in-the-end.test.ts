import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RuleBroken } from '../../src/errors.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { MeetingsService } from '../../src/meetings/meetings.service.js';
import { type SlotPlan } from '../../src/meetings/slot.js';
import { type Placed } from '../support/matters.js';
import { aCast, aMeeting, aPlan, type Cast, type ReadCalendar, readCalendar } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

/** How many sequences of changes; more with SEQUENCES. */
const SEQUENCES = Number(process.env.SEQUENCES ?? 12);

type Step =
  | { readonly do: 'move'; readonly hour: number }
  | { readonly do: 'room'; readonly room: number }
  | { readonly do: 'place'; readonly place: number }
  | { readonly do: 'withdraw' | 'invite' | 'need' | 'answer'; readonly who: number; readonly yes: boolean }
  | { readonly do: 'confirm' | 'wait' | 'cancel' };

const who = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), hour: fc.integer({ min: 10, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('room' as const), room: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('place' as const), place: fc.nat(1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('withdraw' as const, 'invite' as const, 'need' as const, 'answer' as const),
      who,
      yes: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'wait' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'confirm' as const }, { do: 'cancel' as const }) },
);

let service: TestService;
let round = 0;

beforeAll(async () => {
  service = await startService({ settings: { mailHoldSeconds: 60 } });
});

afterAll(async () => {
  await service.stop();
});

/** One council with one meeting, and what may be done to it. */
class Played {
  constructor(
    private readonly cast: Cast,
    readonly id: string,
  ) {}

  get people(): Placed[] {
    return [this.cast.leanne, this.cast.fiona, this.cast.tom];
  }

  meeting(): Promise<Meeting> {
    return service.get(MeetingsService).find(this.cast.council.owen, this.id);
  }

  async liveOf({ contactId }: Placed): Promise<string | undefined> {
    const { invitees } = await service.get(MeetingsService).show(this.cast.council.owen, this.id);
    return invitees.find((one) => one.contact_id === contactId && one.status === 'OPEN')?.id;
  }

  /** Does it, or leaves it where it is refused. */
  async play(given: Step): Promise<void> {
    try {
      await this.step(given);
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
    }
  }

  private async step(given: Step): Promise<void> {
    if (given.do === 'wait') {
      service.clock.pass(2);
      await service.mail();
    } else if ('who' in given) await this.toOne(given, this.people[given.who] ?? this.cast.tom);
    else await this.toMeeting(given);
  }

  private async toMeeting(given: Exclude<Step, { do: 'wait' } | { who: number }>): Promise<void> {
    const { owen } = this.cast.council;
    const changes = service.get(ChangesService);
    const { version, wallStart, wallEnd, mode, place, joinDetails } = await this.meeting();
    const as = { date: wallStart.slice(0, 10), from: wallStart.slice(11), to: wallEnd.slice(11) };
    const slot: SlotPlan = { ...as, zone: 'Europe/London', mode, place, joinDetails };
    const move = (change: Partial<SlotPlan>) =>
      changes.reschedule(owen, this.id, { slot: { ...slot, ...change }, version });
    if (given.do === 'move') await move({ from: `${given.hour}:00`, to: `${given.hour + 1}:00` });
    if (given.do === 'room') await move({ joinDetails: `Room ${given.room}` });
    if (given.do === 'place')
      await move({ mode: 'IN_PERSON', place: given.place === 0 ? 'Civic Centre' : 'Town Hall' });
    if (given.do === 'confirm') await changes.confirm(owen, this.id, { version });
    if (given.do === 'cancel') await changes.cancel(owen, this.id, 'Not needed any more', version);
  }

  private async toOne(given: Extract<Step, { who: number }>, person: Placed): Promise<void> {
    const { owen } = this.cast.council;
    const invitations = service.get(InvitationsService);
    const live = await this.liveOf(person);
    if (given.do === 'invite') {
      await invitations.add(owen, this.id, { contactId: person.contactId, overrideReason: 'Needed' });
    }
    if (live === undefined) return;
    if (given.do === 'withdraw') await invitations.withdraw(owen, this.id, live);
    if (given.do === 'need') await invitations.need(owen, this.id, live, given.yes ? 'BY_COORDINATOR' : 'NO');
    if (given.do === 'answer') {
      const said = given.yes ? ({ kind: 'ACCEPTED' } as const) : ({ kind: 'DECLINED', reason: 'CLASH' } as const);
      await service.get(AnswersService).recordByPhone(owen, live, said);
    }
  }
}

/** What a calendar program makes of messages in their order; it ignores what is not newer (RFC 5546, section 2.1.5). */
function diaryAfter(messages: readonly ReadCalendar[]): ReadCalendar | null {
  let held: ReadCalendar | null = null;
  let last: ReadCalendar | null = null;
  for (const one of messages) {
    const isNewer: boolean =
      last === null ||
      one.sequence > last.sequence ||
      (one.sequence === last.sequence && one.stamp > last.stamp && one.method === 'REQUEST');
    if (!isNewer) throw new Error(`A message that diaries ignore: ${one.method} ${one.sequence}`);
    last = one;
    held = one.method === 'REQUEST' ? one : null;
  }
  return held;
}

const told = `select d.starts_at, d.ends_at, d.mode, d.place, d.joining, d.is_hold, d.part, d.kind, m.purpose, d.invitation_id
  from diary_entry d join message m on m.authority_id = d.authority_id and m.id = d.message_id
  where d.meeting_id = $1 and m.contact_id = $2 and m.state = 'SENT' order by m.ordinal`;

async function expectDiaryFits(played: Played, person: Placed): Promise<void> {
  const meeting = await played.meeting();
  const messages = (await service.mail(person.address)).filter(({ calendar }) => calendar !== undefined);
  const diary = diaryAfter(messages.map(readCalendar).filter(({ uid }) => uid === meeting.calendarUid));
  const isAsked = meeting.isOut && (await played.liveOf(person)) !== undefined;
  expect(diary !== null).toBe(isAsked);
  if (diary !== null) {
    expect(diary.start).toEqual(meeting.startsAt);
    expect(diary.status).toBe(meeting.isHold ? 'TENTATIVE' : 'CONFIRMED');
  }
  const said = (await service.look<Record<string, unknown>>(told, [played.id, person.contactId])).map((one) =>
    JSON.stringify(one),
  );
  for (const [at, one] of said.entries()) {
    if (at > 0 && one.includes('"UPDATE"')) expect(withoutPurpose(one)).not.toBe(withoutPurpose(said[at - 1] ?? ''));
  }
}

const withoutPurpose = (one: string): string => one.replace(/"purpose":"\w+",/, '');

describe('whatever happens to a meeting, and however much of it within a minute', () => {
  it('each diary ends as the meeting is, the sequence rises, and no update says what was said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), fc.boolean(), async (steps, hold) => {
        service.clock.set(MONDAY);
        round += 1;
        const cast = await aCast(service, `end${round}.example`);
        const { id } = await aMeeting(service, cast, { hold, slot: { ...aPlan(cast).slot, date: '2026-12-08' } });
        const played = new Played(cast, id);
        for (const one of steps) await played.play(one);
        await played.play({ do: 'wait' });
        for (const person of played.people) await expectDiaryFits(played, person);
      }),
      { numRuns: SEQUENCES, endOnFailure: true },
    );
    expect(round).toBeGreaterThanOrEqual(SEQUENCES);
  }, 300_000);
});
