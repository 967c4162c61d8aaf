import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { buildFeed } from '../../src/calendar/calendar.js';
import { lintFeed } from '../../src/calendar/feed-lint.js';
import { type FeedMeeting } from '../../src/calendar/feed-meeting.js';
import { CalendarLint } from '../../src/calendar/lint.js';
import { Feed } from '../../src/feeds/feed.js';

function aMeeting(changes: Partial<FeedMeeting> = {}): FeedMeeting {
  return {
    uid: '0f8fad5b-d9cb-469f-a165-70867728950e@quorate.test',
    sequence: 2,
    stampedAt: new Date('2026-11-30T10:00:00.500Z'),
    startsAt: new Date('2026-12-02T10:00:00Z'),
    endsAt: new Date('2026-12-02T11:30:00Z'),
    zone: 'Europe/London',
    title: 'ALL-2026-0147',
    cancelled: false,
    attends: 'YES',
    ...changes,
  };
}

const linesOf = (text: string): string[] => text.replace(/\r\n[ \t]/g, '').split('\r\n');
const eventsIn = (text: string): ICAL.Component[] =>
  new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent');
const ruleOf = (work: () => unknown): number | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof CalendarLint ? error.rule : -1;
  }
};

describe('a feed', () => {
  it('is published, to be read again in an hour', () => {
    const lines = linesOf(buildFeed([aMeeting()]));
    for (const line of ['METHOD:PUBLISH', 'REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'SUMMARY:ALL-2026-0147']) {
      expect(lines).toContain(line);
    }
    expect(lines).toContain('DTSTAMP:20261130T100000Z');
    expect(lines).toContain('DTSTART;TZID=Europe/London:20261202T100000');
  });

  it('says how a meeting takes up the time of who reads it', () => {
    const said = (changes: Partial<FeedMeeting>): unknown[] =>
      ['status', 'transp', 'x-microsoft-cdo-busystatus'].map((name) =>
        eventsIn(buildFeed([aMeeting(changes)]))[0]?.getFirstPropertyValue(name),
      );
    expect(said({})).toEqual(['CONFIRMED', 'OPAQUE', 'BUSY']);
    expect(said({ attends: 'PERHAPS' })).toEqual(['CONFIRMED', 'OPAQUE', 'TENTATIVE']);
    expect(said({ attends: 'NO' })).toEqual(['CONFIRMED', 'TRANSPARENT', 'FREE']);
    expect(said({ cancelled: true })).toEqual(['CANCELLED', 'TRANSPARENT', 'FREE']);
  });

  it('gives back the times of any meetings, in the hour that happens twice too', () => {
    const instant = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2040, 0, 1) });
    const october = fc.integer({ min: Date.UTC(2026, 9, 24, 22), max: Date.UTC(2026, 9, 25, 4) });
    const meeting = fc.record({ start: fc.oneof(instant, october), minutes: fc.integer({ min: 5, max: 600 }) });
    fc.assert(
      fc.property(fc.array(meeting, { maxLength: 12 }), (given) => {
        const meetings = given.map(({ start, minutes }, at) => {
          const startsAt = new Date(Math.floor(start / 60_000) * 60_000);
          return aMeeting({ uid: `${at}@x.test`, startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000) });
        });
        expect(ruleOf(() => buildFeed(meetings))).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('is whole without any meeting', () => {
    const text = buildFeed([]);
    expect(linesOf(text)).toContain('BEGIN:VTIMEZONE');
    expect(eventsIn(text)).toEqual([]);
  });

  it('is the same bytes wherever the server stands', () => {
    const script = `const { buildFeed } = await import('./src/calendar/calendar.ts');
      const at = (iso) => new Date(iso);
      process.stdout.write(buildFeed([{ uid: 'a@b.test', sequence: 0, stampedAt: at('2026-11-30T10:00:00Z'), zone: 'Europe/London',
        startsAt: at('2026-07-02T10:00:00Z'), endsAt: at('2026-07-02T11:00:00Z'), title: 'ALL-1', cancelled: false, attends: 'YES' }]));`;
    const built = ['UTC', 'Europe/London', 'America/New_York', 'Asia/Kathmandu'].map((TZ) =>
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        env: { ...process.env, TZ, NODE_OPTIONS: '' },
        encoding: 'utf8',
      }),
    );
    expect(new Set(built).size).toBe(1);
    expect(built[0]).toContain('DTSTART;TZID=Europe/London:20260702T110000');
  });

  it('works until it is taken back or nobody reads it for ninety days', () => {
    const madeAt = new Date('2026-11-30T11:20:00Z');
    const after = (days: number): Date => new Date(madeAt.getTime() + days * 86_400_000);
    const facts = { authorityId: 1, id: '1', contactId: '2', staffId: null, secretHash: Buffer.of(), madeAt };
    const feed = Feed.of(facts);
    expect([feed.isLive(after(89)), feed.isLive(after(90))]).toEqual([true, false]);
    feed.lastFetchedAt = after(89);
    expect(feed.isLive(after(178))).toBe(true);
    expect(feed.revoke('LEFT', after(100))).toEqual({
      action: 'feed.revoked',
      object: 'feed:1',
      details: { reason: 'LEFT', contactId: '2' },
    });
    expect(feed.isLive(after(100))).toBe(false);
  });
});

describe('refuses', () => {
  it('an address, a link or a hidden mark in a title, and a zone nobody knows', () => {
    for (const title of ['ask leanne@force.example', 'see https://meet.example/1', 'www.meet.example']) {
      expect([title, ruleOf(() => buildFeed([aMeeting({ title })]))]).toEqual([title, 16]);
    }
    expect(ruleOf(() => buildFeed([aMeeting({ title: 'ALL\u202e-1' })]))).toBe(20);
    expect(ruleOf(() => buildFeed([aMeeting({ zone: 'Mars/Olympus' })]))).toBe(8);
  });

  it('anything in a finished feed that a feed must not hold', () => {
    const meeting = aMeeting();
    const text = buildFeed([meeting]);
    const withLine = (line: string): string => text.replace('CLASS:PRIVATE\r\n', `CLASS:PRIVATE\r\n${line}\r\n`);
    for (const line of [
      ...['ATTENDEE:mailto:a@b.example', 'ORGANIZER:mailto:a@b.example', 'LOCATION:Room 3', 'DESCRIPTION:x', 'URL:x'],
      ...['CONFERENCE:x', 'X-ALT-DESC:x', 'COMMENT:x', 'CONTACT:x', 'ATTACH:x'],
    ]) {
      expect([
        line,
        ruleOf(() => {
          lintFeed(withLine(line), [meeting]);
        }),
      ]).toEqual([line, 5]);
    }
    const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM';
    expect(
      ruleOf(() => {
        lintFeed(withLine(alarm), [meeting]);
      }),
    ).toBe(5);
    for (const [from, to, rule] of [
      ['METHOD:PUBLISH', 'METHOD:REQUEST', 6],
      ['DTSTAMP:20261130T100000Z', 'DTSTAMP:20261130T100001Z', 7],
      ['20261202T100000', '20261202T110000', 10],
      ['SEQUENCE:2', 'SEQUENCE:3', 11],
      ['STATUS:CONFIRMED', 'STATUS:TENTATIVE', 14],
      ['SUMMARY:ALL-2026-0147', 'SUMMARY:ALL-2026-0147 allegation', 20],
      ['TZID:Europe/London', 'TZID:Europe/Paris', 8],
      ['\r\n', '\n', 3],
    ] as const) {
      expect([
        to,
        ruleOf(() => {
          lintFeed(text.replaceAll(from, to), [meeting]);
        }),
      ]).toEqual([to, rule]);
    }
    expect(
      ruleOf(() => {
        lintFeed(text, []);
      }),
    ).toBe(3);
    expect(
      ruleOf(() => {
        lintFeed('no calendar', [meeting]);
      }),
    ).toBe(3);
  });
});
