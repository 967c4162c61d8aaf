import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { type CalendarMail } from '../../src/calendar/calendar-mail.js';
import { CalendarLint } from '../../src/calendar/lint.js';
import { MailLint } from '../../src/mail/lint.js';
import { renderMessage } from '../../src/mail/render.js';
import { cleanLine, cleanName, hasUnsafe, hasUnsafeLines } from '../../src/mail/text.js';
import { mailBody } from '../../src/mail/words.js';
import { aCalendarMail, LINK, readEvent } from '../support/calendar-mails.js';
import { hostileText as text } from '../support/hostile-text.js';

/** The whole number of texts is for releases: TEXTS=100000. */
const TEXTS = Number(process.env.TEXTS ?? 1_200);

const shapeOf = (calendar: string): string[] =>
  calendar
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .map((line) => line.split(/[:;]/)[0] ?? '');

/* What was written, or nothing if it was refused; any other error fails the test. */
function written(mail: CalendarMail): string | undefined {
  try {
    return buildCalendar(mail);
  } catch (error) {
    if (error instanceof CalendarLint && error.rule === 16) return undefined;
    throw error;
  }
}

describe('whatever stands in a name, title, place or note', () => {
  it('adds no line, property or recipient to a calendar', () => {
    const usual = shapeOf(buildCalendar(aCalendarMail({ place: 'x' })));
    const { organiser, invitee } = aCalendarMail();
    fc.assert(
      fc.property(text, text, text, text, (title, place, note, name) => {
        const calendar = written(
          aCalendarMail({
            title: `x${title}`,
            place: `x${place}`,
            note: `x${note}`,
            organiser: { ...organiser, name },
            invitee: { ...invitee, name },
          }),
        );
        if (calendar === undefined) return;
        const { event } = readEvent(calendar);
        expect(shapeOf(calendar)).toEqual(usual);
        expect(event.getAllProperties('attendee').map((one) => one.getFirstValue())).toEqual([
          `mailto:${invitee.address}`,
        ]);
        expect(event.getFirstPropertyValue('summary')).toBe(cleanLine(`x${title}`));
        expect(event.getFirstPropertyValue('location')).toBe(cleanLine(`x${place}`));
        expect(event.getFirstProperty('attendee')?.getFirstParameter('cn')).toBe(cleanName(name) || invitee.address);
      }),
      { numRuns: Math.ceil(TEXTS / 4) },
    );
  });

  it('adds no header, recipient, link or markup to a message', async () => {
    const headers = ['auto-submitted', 'x-auto-response-suppress', 'from', 'to', 'subject', 'message-id', 'date'];
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, given, subject) => {
        const words = { greeting: `Dear ${given}`, paragraphs: [given], details: [{ label: 'Place', value: given }] };
        const body = mailBody({ ...words, link: { label: 'Answer', url: LINK }, footer: [given] });
        const mail = {
          ...{ from: { name, address: 'r-a@reply.test' }, to: 'pat@b.test', messageId: '<a@quorate.test>' },
          ...{ subject: cleanLine(subject), date: new Date(0), ...body },
        };
        const { bytes } = await renderMessage(mail);
        const email = await PostalMime.parse(bytes);
        const known = [...headers, 'mime-version', 'content-type'];
        expect(email.headers.map((header) => header.key).filter((key) => !known.includes(key))).toEqual([]);
        expect(email.to).toEqual([{ name: '', address: 'pat@b.test' }]);
        expect(email.from?.address).toBe('r-a@reply.test');
        expect(email.html?.match(/<[a-z]+/g)?.filter((tag) => !TAGS.includes(tag))).toEqual([]);
        expect(email.html?.match(/href=/g)).toHaveLength(1);
        expect(email.attachments).toEqual([]);
      }),
      { numRuns: 350 },
    );
  });
});

const TAGS = ['<html', '<head', '<meta', '<body', '<div', '<p', '<table', '<tr', '<th', '<td', '<a'];

describe('a clean line', () => {
  it('is clean, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(hasUnsafe(cleanLine(given))).toBe(false);
        expect(cleanLine(cleanLine(given))).toBe(cleanLine(given));
        expect(Array.from(cleanName(given, 10)).length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('refuses', () => {
  it.each(['a\0b', 'a\nb', 'a\tb', 'a\u202eb', 'a\u2066b', 'a\u200fb', 'a\u2028b', 'a\u0085b', 'a\ud800b', '\ufeffa'])(
    'unsafe characters where a name is typed in: %j',
    (name) => {
      expect(hasUnsafe(name)).toBe(true);
    },
  );

  it('but not names of any language, or emoji', () => {
    const names = ['O\u2019Brien', 'Si\u00e2n', '山田 太郎', 'Łukasz', 'نور', '\u{1f469}\u200d\u{1f692}', 'क्\u200dष'];
    expect(names.filter(hasUnsafe)).toEqual([]);
    expect(hasUnsafeLines('one\ntwo\r\nthree')).toBe(false);
    expect(hasUnsafeLines('one\ntwo\u202e')).toBe(true);
  });

  it('a subject of two lines', async () => {
    const mail = { from: { name: 'x', address: 'r-a@reply.test' }, to: 'pat@b.test', text: 'x', html: '<p>x</p>' };
    const two = { ...mail, subject: 'Meeting\r\nBcc: c@evil.test', messageId: '<a@quorate.test>', date: new Date(0) };
    await expect(renderMessage(two)).rejects.toThrow(MailLint);
  });
});
