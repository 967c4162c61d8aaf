import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import PostalMime from 'postal-mime';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { type ExpectedMail, lintMessage, MailLint } from '../../src/mail/lint.js';
import { type OutgoingMail, renderMessage } from '../../src/mail/render.js';
import { mailBody } from '../../src/mail/words.js';
import { aCalendarMail, LINK } from '../support/calendar-mails.js';

const CONTACT = 'safeguarding@alderbrook.test';
const WORDS = {
  greeting: 'Dear Priya Nair',
  paragraphs: ['You are asked to come to a multi-agency meeting.'],
  details: [
    { label: 'Reference', value: 'ALL-2026-0147' },
    { label: 'Date', value: 'Monday 6 July 2026' },
    { label: 'Time', value: '2pm to 3pm (British Summer Time)' },
  ],
  link: { label: 'Answer the invitation', url: LINK },
  footer: [`This is personal to you. Ring 01632 960 100 or write to ${CONTACT}.`],
};

function aMail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  const invitation = aCalendarMail();
  return {
    from: invitation.organiser,
    to: invitation.invitee.address,
    subject: 'Multi-agency meeting ALL-2026-0147: please reply by 16:00',
    messageId: '<4f8d7c@quorate.test>',
    date: new Date('2026-07-01T09:00:00Z'),
    ...mailBody(WORDS),
    calendar: { method: 'REQUEST', content: buildCalendar(invitation) },
    ...changes,
  };
}

function aPlainMail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  const { calendar, ...plain } = aMail(changes);
  return calendar === undefined ? aMail(changes) : plain;
}

const expected = (mail: OutgoingMail): ExpectedMail => ({ ...mail, link: LINK, contact: CONTACT });
const inQuotedPrintable = (text: string): string => text.replace(/=\r\n/g, '');

describe('a message', () => {
  it('goes to one person, from the address that is theirs, and says that a machine wrote it', async () => {
    const mail = aMail({ inReplyTo: '<first@quorate.test>' });
    const { bytes } = await renderMessage(mail);
    const email = await PostalMime.parse(bytes);
    expect(email.from).toEqual({ name: 'Alderbrook meetings', address: mail.from.address });
    expect(email.to).toEqual([{ name: '', address: 'priya.nair@police.test' }]);
    expect(email.subject).toBe(mail.subject);
    expect(email.messageId).toBe('<4f8d7c@quorate.test>');
    expect(email.inReplyTo).toBe('<first@quorate.test>');
    expect(email.references).toBe('<first@quorate.test>');
    expect(email.date).toBe('2026-07-01T09:00:00.000Z');
    const headers = Object.fromEntries(email.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'OOF, DR, RN, NRN',
    });
    expect(Object.keys(headers)).not.toContain('reply-to');
    await expect(lintMessage(bytes, expected(mail))).resolves.toBeUndefined();
  });

  it('carries the calendar for the answer buttons, last of the alternatives, and once attached', async () => {
    const mail = aMail();
    const { bytes } = await renderMessage(mail);
    const source = bytes.toString();
    const order = [
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'text/html',
      'text/calendar',
      'application/ics',
    ];
    const places = order.map((type) => source.indexOf(`Content-Type: ${type}`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(source).toContain('Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n');
    const email = await PostalMime.parse(bytes, { attachmentEncoding: 'utf8' });
    expect(email.attachments.map((part) => [part.mimeType, part.method, part.filename])).toEqual([
      ['text/calendar', 'REQUEST', null],
      ['application/ics', undefined, 'invite.ics'],
    ]);
    const texts = email.attachments.map((part) => (part.content as string).replace(/\r?\n/g, '\r\n'));
    expect(texts).toEqual([mail.calendar?.content, mail.calendar?.content]);
    expect(() => ICAL.parse(texts[0] ?? '') as unknown).not.toThrow();
  });

  it('has the hash of its bytes', async () => {
    const { bytes, sha256 } = await renderMessage(aMail());
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('without a calendar has none', async () => {
    const mail = aPlainMail({ subject: 'Reminder' });
    const { bytes } = await renderMessage(mail);
    expect((await PostalMime.parse(bytes)).attachments).toEqual([]);
    await expect(lintMessage(bytes, expected(mail))).resolves.toBeUndefined();
  });

  it('without a link has none', async () => {
    const { link, ...words } = WORDS;
    const mail = aPlainMail(mailBody(words));
    const { bytes } = await renderMessage(mail);
    expect(bytes.toString()).not.toContain(link.url);
    await expect(lintMessage(bytes, { ...mail, contact: CONTACT })).resolves.toBeUndefined();
  });

  it('cancels with the same care', async () => {
    const content = buildCalendar(aCalendarMail({ kind: 'CANCEL', sequence: 1 }));
    const mail = aMail({ calendar: { method: 'CANCEL', content } });
    const { bytes } = await renderMessage(mail);
    expect(bytes.toString()).toContain('method=CANCEL');
    await expect(lintMessage(bytes, expected(mail))).resolves.toBeUndefined();
  });

  it('keeps accents and long words', async () => {
    const name = 'Siân Ó Súilleabháin';
    const from = { ...aMail().from, name: `${name}, "Alderbrook" meetings` };
    const mail = aMail({ from, subject: `Meeting \u2013 ${name} ${'long '.repeat(30)}end` });
    const { bytes } = await renderMessage(mail);
    const email = await PostalMime.parse(bytes);
    expect(email.subject).toBe(mail.subject);
    expect(email.from?.name).toBe(`${name}, \u2019Alderbrook\u2019 meetings`);
    await expect(lintMessage(bytes, expected(mail))).resolves.toBeUndefined();
  });
});

describe('its words', () => {
  it('stand in the text one fact a line and the link alone on its own', () => {
    expect(mailBody(WORDS).text).toBe(
      [
        ...['Dear Priya Nair', '', 'You are asked to come to a multi-agency meeting.', ''],
        ...['Reference: ALL-2026-0147', 'Date: Monday 6 July 2026', 'Time: 2pm to 3pm (British Summer Time)', ''],
        ...['Answer the invitation:', LINK, '', WORDS.footer[0], ''],
      ].join('\n'),
    );
  });

  it('stand in the HTML as text, with the facts as a table whose rows have headings', () => {
    const { html } = mailBody({ ...WORDS, greeting: `Dear <b>"Pat" & O'Brien</b>` });
    expect(html).toContain('<p>Dear &lt;b&gt;&quot;Pat&quot; &amp; O&#39;Brien&lt;/b&gt;</p>');
    expect(html).toMatch(/<th scope="row"[^>]*>Date<\/th><td[^>]*>Monday 6 July 2026<\/td>/);
    expect(html).toMatch(new RegExp(`<a href="${LINK}"[^>]*>Answer the invitation</a>`));
    expect(html).toContain('<html lang="en-GB">');
  });

  it('leave out what there is not', () => {
    const { text, html } = mailBody({ greeting: 'Dear Pat', paragraphs: [], footer: [] });
    expect(text).toBe('Dear Pat\n');
    expect(html).not.toContain('<table');
    expect(html).not.toContain('<a ');
  });

  it('add no line by themselves', () => {
    const { text } = mailBody({ greeting: 'Dear Pat\r\nBcc: c@evil.test', paragraphs: [], footer: [] });
    expect(text).toBe('Dear Pat  Bcc: c@evil.test\n');
  });
});

const ruleOf = async (act: () => Promise<unknown>): Promise<number | undefined> => {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error instanceof MailLint ? error.rule : NaN;
  }
};

describe('refuses', () => {
  it.each([
    ['two recipients', { to: 'a@b.test,c@evil.test' }, 13],
    ['a recipient with a name', { to: 'Pat <a@b.test>' }, 13],
    ['a recipient with a line break', { to: 'a@b.test\r\nBcc: c@evil.test' }, 13],
    ['two senders', { from: { name: 'x', address: 'a@b.test,c@evil.test' } }, 12],
    ['a subject of two lines', { subject: 'Meeting\r\nBcc: c@evil.test' }, 2],
    ['a Message-ID without brackets', { messageId: '4f8d7c@quorate.test' }, 2],
    ['an answered Message-ID of two lines', { inReplyTo: '<a@b.test>\r\nBcc: <c@evil.test>' }, 2],
  ])('to render %s', async (_, changes, rule) => {
    expect(await ruleOf(() => renderMessage(aMail(changes)))).toBe(rule);
  });

  const words = (changes: Partial<typeof WORDS>): Partial<OutgoingMail> => mailBody({ ...WORDS, ...changes });
  const calendar = aMail().calendar?.content ?? '';

  it.each<[string, Partial<OutgoingMail>, Partial<ExpectedMail>, number]>([
    ['to another person', {}, { to: 'eve@evil.test' }, 13],
    ['from another address', {}, { from: { address: 'eve@evil.test' } }, 12],
    ['with another subject', {}, { subject: 'Another' }, 2],
    ['with another Message-ID', {}, { messageId: '<x@quorate.test>' }, 2],
    ['that answers another', {}, { inReplyTo: '<x@quorate.test>' }, 2],
    ['with a third address in its words', words({ paragraphs: ['Ask eve@evil.test.'] }), {}, 16],
    ['with a third address in its subject', { subject: 'Ask eve@evil.test' }, {}, 16],
    ['with a third address as a name', { from: { ...aMail().from, name: 'eve@evil.test' } }, {}, 16],
    ['with an address nobody allowed', {}, { contact: undefined }, 16],
    ['with another link', {}, { link: `${LINK}x` }, 18],
    ['with a link nobody gave', {}, { link: undefined }, 18],
    ['with a second link', words({ footer: ['See https://evil.test'] }), {}, 18],
    ['with a web address', words({ footer: ['See www.evil.test'] }), {}, 18],
    ['with the link twice', words({ footer: [`Again: ${LINK}`] }), {}, 18],
    ['with a link in the HTML alone', { text: 'Hello' }, {}, 18],
    ['with a picture', { html: mailBody(WORDS).html.replace('<table', '<img alt=""><table') }, {}, 18],
    ['with a frame', { html: mailBody(WORDS).html.replace('<table', '<iframe></iframe><table') }, {}, 18],
    ['with another method', { calendar: { method: 'CANCEL', content: calendar } }, {}, 6],
    ['with another calendar', {}, { calendar: { method: 'REQUEST', content: calendar.replace('VATE', 'VITE') } }, 19],
    ['without the calendar', { calendar: undefined }, { calendar: { method: 'REQUEST', content: calendar } }, 6],
    ['with a calendar nobody meant', {}, { calendar: undefined }, 6],
  ])('a message %s', async (_, made, meant, rule) => {
    const mail = aMail(made);
    const { bytes } = await renderMessage(mail);
    expect(await ruleOf(() => lintMessage(bytes, { ...expected(mail), ...meant }))).toBe(rule);
  });

  it.each<[string, RegExp | string, string, number]>([
    ['a Bcc', 'MIME-Version', 'Bcc: c@evil.test\r\nMIME-Version', 2],
    ['a Reply-To', 'MIME-Version', 'Reply-To: c@evil.test\r\nMIME-Version', 2],
    ['a second To', 'MIME-Version', 'To: c@evil.test\r\nMIME-Version', 2],
    ['two people in To', 'To: priya.nair@police.test', 'To: priya.nair@police.test, c@evil.test', 13],
    ['no sign of a machine', 'auto-generated', 'no', 2],
    ['bare line feeds', 'MIME-Version: 1.0\r\n', 'MIME-Version: 1.0\n', 1],
    ['a calendar that is not base64', /(text\/calendar[^]*?)base64/, '$1quoted-printable', 19],
    ['an attachment that differs', /(application\/ics[^]*?QkVHSU46VkNB)TEVO/, '$1TEVP', 19],
    ['a link that was spoilt', LINK.slice(0, 20), `${LINK.slice(0, 19)}x`, 18],
  ])('bytes with %s', async (_, from, to, rule) => {
    const mail = aMail();
    const { bytes } = await renderMessage(mail);
    const source = inQuotedPrintable(bytes.toString('latin1'));
    const spoilt = source.replace(from, to);
    expect(spoilt).not.toBe(source);
    expect(await ruleOf(() => lintMessage(Buffer.from(spoilt, 'latin1'), expected(mail)))).toBe(rule);
  });
});
