import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { type CalendarMail } from '../../src/calendar/calendar-mail.js';
import { CalendarLint } from '../../src/calendar/lint.js';
import { aCalendarMail } from '../support/calendar-mails.js';
import { hostileText } from '../support/hostile-text.js';
import { OTHER_READERS } from '../support/other-readers.js';

/** How many with hostile texts, beside every combination with plain ones. */
const HOSTILE = Number(process.env.CALENDARS ?? 400);

const KINDS = ['REQUEST', 'CANCEL', 'WITHDRAW'] as const;
const ROLES = ['CHAIR', 'REQ-PARTICIPANT', 'OPT-PARTICIPANT', 'NON-PARTICIPANT'] as const;
const PARTSTATS = ['NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE'] as const;
const PLACES = ['Joining details on the page', 'Room 3, Civic Centre; second floor', 'Siân’s Hall "B" \\ 2'];

const plain = KINDS.flatMap((kind) =>
  [false, true].flatMap((hold) =>
    PLACES.flatMap((place) =>
      ROLES.flatMap((role) =>
        PARTSTATS.map((partstat) => {
          const mail = aCalendarMail({ kind, hold, place });
          return { ...mail, invitee: { ...mail.invitee, role, partstat } };
        }),
      ),
    ),
  ),
);

/** Any hour up to 2036, the ones that happen twice among them: beyond 2037 both readers know no summer time of any zone. */
const start = fc.oneof(
  fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2036, 11) }).map((ms) => ms - (ms % 60_000)),
  fc.constantFrom(Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30), Date.UTC(2027, 2, 28, 0, 59)),
);
const hostile = fc
  .record({
    mail: fc.constantFrom(...plain),
    texts: fc.record({ title: hostileText, place: hostileText, note: hostileText, name: hostileText }),
    start,
    minutes: fc.integer({ min: 1, max: 600 }),
    sequence: fc.nat(2_000),
  })
  .map(({ mail, texts, start: at, minutes, sequence }): CalendarMail => {
    const { title, place, note, name } = texts;
    const times = { startsAt: new Date(at), endsAt: new Date(at + minutes * 60_000) };
    const invitee = { ...mail.invitee, name };
    return {
      ...mail,
      ...times,
      title: `x${title}`,
      place,
      note,
      sequence,
      invitee,
      organiser: { ...mail.organiser, name },
    };
  });

/* What holds a third address is refused and never sent; anything else must be readable. */
function built(mail: CalendarMail): { text: string; mail: CalendarMail }[] {
  try {
    return [{ text: buildCalendar(mail), mail }];
  } catch (error) {
    if (error instanceof CalendarLint && error.rule === 16) return [];
    throw error;
  }
}

const corpus = [...plain, ...fc.sample(hostile, { numRuns: HOSTILE, seed: 20261122 })].flatMap(built);
const seconds = (instant: Date): number => instant.getTime() / 1000;

describe('every calendar we can write', () => {
  it('is of every kind, held and certain, in person and not, with plain and hostile names', () => {
    expect(plain).toHaveLength(3 * 2 * 3 * 4 * 4);
    expect(corpus.length).toBeGreaterThan(plain.length + HOSTILE / 2);
  });
});

for (const reader of OTHER_READERS) {
  const must = reader.isHere || process.env.CI === 'true';
  (must ? describe : describe.skip)(must ? reader.name : `${reader.name} (${reader.needs})`, () => {
    it('reads every calendar without complaint, at the same instants', () => {
      const lines = reader.read(corpus.map(({ text }) => text));
      expect(lines).toHaveLength(corpus.length);
      const wrong = corpus.flatMap(({ text, mail }, at) => {
        const meant = `${seconds(mail.startsAt)} ${seconds(mail.endsAt)}`;
        return lines[at] === meant ? [] : [{ meant, read: lines[at], text }];
      });
      expect(wrong.slice(0, 3)).toEqual([]);
    });
  });
}

describe('refuses', () => {
  const spoilt: [string, RegExp | string, string][] = [
    ['no UID', /UID:[^\r]+\r\n/, ''],
    ['no ORGANIZER', /ORGANIZER[^\r]+\r\n(?: [^\r]+\r\n)*/, ''],
    ['a second DTSTART', 'SUMMARY', 'DTSTART:20260706T130000Z\r\nSUMMARY'],
  ];

  for (const reader of OTHER_READERS.filter(({ name, isHere }) => isHere && name.startsWith('libical'))) {
    it.each(spoilt)(`${reader.name}: %s`, (_, from, to) => {
      const text = buildCalendar(aCalendarMail());
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      expect(reader.read([changed])[0]).toMatch(/restricted=1|errors=[1-9]/);
    });
  }
});
