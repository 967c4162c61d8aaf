import PostalMime, { type Email } from 'postal-mime';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { type CaughtMail, startService, type TestService } from './service.js';
import { type Received, startSmtp, type TestSmtp } from './smtp.js';

/** The whole service with a mail server beside it: what it sends is read from the bytes that server was given. */
export async function startServiceWithMailServer(): Promise<TestService & { smtp: TestSmtp }> {
  const smtp = await startSmtp();
  const service = await startService({ settings: { smtpUrl: smtp.url } });
  return {
    ...service,
    smtp,
    mail: async (to) => {
      await service.get(Dispatcher).drain();
      const wanted = smtp.received.filter((one) => to === undefined || one.to.includes(to));
      return Promise.all(wanted.map(readReceived));
    },
    stop: async () => {
      await service.stop();
      await smtp.stop();
    },
  };
}

/** A message as its reader's program takes it apart. */
async function readReceived({ to, bytes }: Received): Promise<CaughtMail> {
  const mail = await PostalMime.parse(bytes, { attachmentEncoding: 'utf8' });
  return {
    to: to.join(', '),
    raw: bytes.toString('utf8'),
    mail,
    link: /https?:\/\/\S+/.exec(mail.text ?? '')?.[0],
    calendar: calendarOf(mail),
  };
}

function calendarOf(mail: Email): string | undefined {
  const part = mail.attachments.find(({ mimeType }) => mimeType === 'text/calendar');
  if (part === undefined) return undefined;
  return typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content);
}

/** Everything a reader or their program could read in a message: headers, texts and the calendar part, decoded. */
export function everythingIn({ mail, calendar }: CaughtMail): string {
  const headers = mail.headers.map(({ key, value }) => `${key}: ${value}`).join('\n');
  const unfolded = (calendar ?? '').replace(/\r?\n[ \t]/g, '');
  return [headers, mail.subject, mail.text, mail.html, unfolded].join('\n');
}
