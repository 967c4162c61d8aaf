import { describe, expect, it } from '@jest/globals';
import { type Envelope, type Sorted, sort } from '../../src/mail/inbound/sorting.js';
import { takeApart } from '../../src/mail/inbound/take-apart.js';
import { BOUNDS, type TakenApart } from '../../src/mail/inbound/taken-apart.js';
import { AWAY, BOUNCES, calendar, delayed, multipart, plain, wordless } from '../support/inbound-mails.js';

const PERSON: Envelope = { addressKind: 'r', returnPath: 'leanne@force.example' };
const EMPTY: Envelope = { addressKind: 'b', returnPath: null };

const opened = (raw: string | Buffer): Promise<TakenApart> =>
  takeApart(typeof raw === 'string' ? Buffer.from(raw) : raw);
const sorted = async (raw: string | Buffer, envelope: Envelope = PERSON): Promise<Sorted> =>
  sort(await opened(raw), envelope);
const kind = async (raw: string | Buffer, envelope?: Envelope): Promise<string> => (await sorted(raw, envelope)).kind;

const original = { to: 'leanne@force.example', messageId: '<one@reply.northshire.example>' };
const part = (type: string, body: string[], more: string[] = []): string[] => [
  `Content-Type: ${type}`,
  ...more,
  '',
  ...body,
];
const words = part('text/plain', ['I will come.']);
const reply = part('text/calendar; method=REPLY; charset=utf-8', calendar('REPLY'));

describe('a message that came back', () => {
  it.each(Object.keys(BOUNCES))('from %s is a bounce and names what it returns', async (system) => {
    const raw = BOUNCES[system]?.(original) ?? '';
    expect(await sorted(raw, EMPTY)).toMatchObject({ kind: 'BOUNCE', returnedMessageId: original.messageId });
  });

  it('is a bounce by its report at any address, and by the bounce address alone without one', async () => {
    expect(await kind(delayed(original), PERSON)).toBe('BOUNCE');
    expect(await kind(wordless(original), EMPTY)).toBe('BOUNCE');
    expect(await kind(plain(['Subject: hello'], 'hello'), EMPTY)).toBe('BOUNCE');
    expect(await kind(wordless(original), { addressKind: 'b', returnPath: 'x@force.example' })).toBe('OTHER');
  });
});

describe('the kinds', () => {
  it.each([
    ['RECEIPT', 'multipart/report; report-type=disposition-notification; boundary="b"'],
    ['COMPLAINT', 'multipart/report; boundary="b"; report-type="feedback-report"'],
  ])('%s is what a report of its type is, also at a bounce address', async (wanted, type) => {
    const raw = `From: a@force.example\r\nContent-Type: ${type}\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n`;
    expect(await kind(raw)).toBe(wanted);
    expect(await kind(raw, EMPTY)).toBe(wanted);
  });

  it('CALENDAR is an answer in a part of the message, whatever file it comes as', async () => {
    expect(await kind(multipart([], words, reply))).toBe('CALENDAR');
    const bare = part('application/ics; name=invite.ics', calendar('COUNTER'));
    expect(await sorted(multipart([], words, bare))).toMatchObject({ kind: 'CALENDAR', hold: null });
    const file = part('application/octet-stream; name="answer.ICS"', calendar('REFRESH'));
    expect(await kind(multipart([], words, file))).toBe('CALENDAR');
  });

  it('CALENDAR takes the part that is meant, not its copy (Google sends both), and goes by the body without a method', async () => {
    const google = await sorted(multipart([], reply, part('application/ics; name=invite.ics', calendar('REPLY'))));
    expect(google.calendars).toHaveLength(1);
    expect(google).toMatchObject({ kind: 'CALENDAR', hold: null, calendars: [{ method: 'REPLY' }] });
    const apple = await sorted(multipart([], part('text/calendar', calendar('REPLY'))));
    expect(apple).toMatchObject({ kind: 'CALENDAR', hold: null, calendars: [{ method: null }] });
  });

  it('CALENDAR comes before the signs of an automatic message, and keeps them', async () => {
    const raw = multipart(['Auto-Submitted: auto-generated', 'Precedence: bulk'], words, reply);
    expect(await sorted(raw)).toMatchObject({ kind: 'CALENDAR', possiblyAutomatic: true });
    expect(await sorted(multipart([], words, reply))).toMatchObject({ possiblyAutomatic: false });
  });

  it.each([
    ['Auto-Submitted: auto-replied'],
    ['X-Autoreply: yes'],
    ['Precedence: auto_reply'],
    ['Precedence: bulk'],
    ['List-Id: <all.force.example>'],
  ])('AUTOMATIC is marked: %s', async (header) => {
    expect(await kind(plain([header], 'I am away. Yes.'))).toBe('AUTOMATIC');
  });

  it('AUTOMATIC is an absence notice, also with the empty sender that bounces have', async () => {
    expect(await kind(AWAY, { addressKind: 'r', returnPath: null })).toBe('AUTOMATIC');
    expect(await kind(AWAY, EMPTY)).toBe('AUTOMATIC');
    expect(await kind(plain(['Subject: Out of office: meeting'], 'Back on Monday.'), EMPTY)).toBe('AUTOMATIC');
  });

  it('OPAQUE is what nobody reads without a key or Outlook', async () => {
    expect(await kind(multipart([], part('application/ms-tnef; name=winmail.dat', ['x'])))).toBe('OPAQUE');
    expect(await kind(plain(['Content-Type: application/pkcs7-mime; smime-type=enveloped-data'], 'MIIB'))).toBe(
      'OPAQUE',
    );
    const pgp = 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"';
    expect(await kind(`From: a@force.example\r\nContent-Type: ${pgp}\r\n\r\n--b--\r\n`)).toBe('OPAQUE');
    expect(await kind(multipart([], words, part('application/ms-tnef; name=winmail.dat', ['x'])))).toBe('OTHER');
  });

  it('OTHER is a person’s words; "Auto-Submitted: no" is a person', async () => {
    expect(await sorted(plain(['Subject: Re: meeting', 'Auto-Submitted: no'], 'Yes, I will come.'))).toMatchObject({
      kind: 'OTHER',
      possiblyAutomatic: false,
    });
  });
});

describe('reading', () => {
  it('reads Latin-1, encoded names, HTML alone and a calendar behind a byte-order mark', async () => {
    const latin = Buffer.from(plain(['Content-Type: text/plain; charset=iso-8859-1'], 'Siân says no'), 'latin1');
    expect((await opened(latin)).text).toBe('Siân says no');
    const html = plain(
      ['Content-Type: text/html'],
      '<html><head><title>x</title></head><p>I&nbsp;come &amp; bring<br>&#8220;Sam&#8221;</p><script>1</script>',
    );
    expect((await opened(html)).text).toBe('I come & bring\n“Sam”');
    const marked = part('text/calendar; method=REPLY', [`\ufeff${calendar('REPLY').join('\r\n')}`]);
    expect(await kind(multipart([], marked))).toBe('CALENDAR');
  });

  it('keeps at most 20,000 characters of text', async () => {
    expect((await opened(plain([], 'x'.repeat(30_000)))).text).toHaveLength(BOUNDS.text);
  });
});

describe('refuses', () => {
  it('an answer inside a message that was forwarded', async () => {
    const inner = multipart([], words, reply).replaceAll('--b', '--inner').replace('"b"', '"inner"').split('\r\n');
    for (const disposition of [[], ['Content-Disposition: inline'], ['Content-Disposition: attachment']]) {
      const raw = multipart(['Subject: Fwd: meeting'], words, part('message/rfc822', inner, disposition));
      expect(await sorted(raw)).toMatchObject({ kind: 'OTHER', calendars: [] });
    }
  });

  it('a calendar that contradicts its part, and one that is no answer', async () => {
    const lies = multipart([], part('text/calendar; method=REQUEST', calendar('REPLY')));
    expect(await sorted(lies)).toMatchObject({ kind: 'CALENDAR', hold: 'METHOD_MISMATCH' });
    const theirs = multipart([], part('text/calendar; method=REQUEST', calendar('REQUEST')));
    expect(await sorted(theirs)).toMatchObject({ kind: 'CALENDAR', hold: 'OTHER_METHOD' });
    const away = multipart(
      ['Auto-Submitted: auto-replied'],
      part('text/calendar; method=REQUEST', calendar('REQUEST')),
    );
    expect(await kind(away)).toBe('AUTOMATIC');
  });

  it('to carry a second line in a name, a subject or an identifier', async () => {
    const mail = await opened(
      plain(
        [
          'Subject: =?utf-8?q?Hello=0D=0ABcc:=20x@evil.example?=',
          'Message-ID: =?utf-8?q?<a=0D=0Ab@x>?=',
          'X-Other: =?utf-8?q?a=00b?=',
        ],
        'text\u0000with\u202e marks',
      ).replace('Leanne Firth', '=?utf-8?q?L=0D=0ATo:_evil=00?='),
    );
    for (const line of [mail.subject, mail.from?.name, mail.messageId]) expect(line).not.toMatch(/[\r\n\0]/);
    expect(mail.text).toBe('text with  marks');
  });

  it('what is too deep, has too many parts, or headers without end', async () => {
    const deep = Array.from(
      { length: 400 },
      (_, i) => `Content-Type: multipart/mixed; boundary="n${i}"\r\n\r\n--n${i}\r\n`,
    );
    await expect(opened(deep.join(''))).rejects.toThrow();
    const nested = Array.from(
      { length: 50 },
      (_, i) => `Content-Type: multipart/mixed; boundary="n${i}"\r\n\r\n--n${i}\r\n`,
    );
    await expect(opened(nested.join(''))).rejects.toThrow();
    await expect(opened(multipart([], ...Array.from({ length: 20_000 }, () => ['', 'x'])))).rejects.toThrow(
      'too many parts',
    );
    await expect(opened(plain([`X-Long: ${'x'.repeat(BOUNDS.headers)}`], 'x'))).rejects.toThrow();
    await expect(opened(Buffer.alloc(BOUNDS.message + 1, 'x'))).rejects.toThrow('too large');
  });

  it('dates that no row can hold', async () => {
    for (const date of ['Mon, 1 Jan 275760 00:00:00 +0000', 'yesterday', '1 Jan 1601 00:00:00 GMT']) {
      expect((await opened(plain([`Date: ${date}`], 'x'))).sentAt).toBeNull();
    }
    expect((await opened(plain(['Date: Mon, 30 Nov 2026 11:20:00 +0000'], 'x'))).sentAt).toEqual(
      new Date('2026-11-30T11:20:00Z'),
    );
  });
});
