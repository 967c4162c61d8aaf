/*
 * What the recipient of a message read, opened from the bytes that were sent: its words, without the secret of the
 * recipient's own link, and what the calendar part would put into a diary.
 */
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import PostalMime, { type Attachment } from 'postal-mime';

/** One fact of the calendar part. */
export interface CalendarFact {
  readonly label: string;
  readonly value: string;
}

export interface Contents {
  readonly text: string;
  readonly calendar: readonly CalendarFact[];
}

const LINK = /https?:\/\/\S+/g;

/** Opens a message as it was stored. */
export async function contentsOf(bytes: Buffer): Promise<Contents> {
  const mail = await PostalMime.parse(bytes, { attachmentEncoding: 'utf8' });
  const part = mail.attachments.find(({ mimeType }) => mimeType === 'text/calendar');
  return {
    text: (mail.text ?? '').replace(LINK, '[their own link, which only they may use]'),
    calendar: part === undefined ? [] : factsOf(textOf(part)),
  };
}

const METHODS: Readonly<Record<string, string>> = {
  REQUEST: 'Put it into the diary, or change it there',
  CANCEL: 'Take it out of the diary',
};

const SHOWN_AS: Readonly<Record<string, string>> = {
  CONFIRMED: 'Certain',
  TENTATIVE: 'Time held, not certain yet',
  CANCELLED: 'Cancelled',
};

function factsOf(text: string): CalendarFact[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const event = calendar.getFirstSubcomponent('vevent');
  const said = (name: string): string => String(event?.getFirstPropertyValue(name) ?? '');
  const method = String(calendar.getFirstPropertyValue('method') ?? '');
  const facts = [
    { label: 'What it does', value: METHODS[method] ?? method },
    { label: 'Title', value: said('summary') },
    { label: 'Starts', value: wall(said('dtstart')) },
    { label: 'Ends', value: wall(said('dtend')) },
    { label: 'Where', value: said('location').replace(LINK, '[link]') },
    { label: 'Shown as', value: SHOWN_AS[said('status')] ?? '' },
    { label: 'Version for the diary', value: said('sequence') },
  ];
  return facts.filter(({ value }) => value !== '');
}

/** `2026-12-02T10:00:00`, wall time of the meeting's own place: "Wednesday 2 December 2026, 10:00". */
function wall(value: string): string {
  const at = DateTime.fromISO(value.slice(0, 19), { zone: 'utc', locale: 'en-GB' });
  return at.isValid ? at.toFormat('cccc d MMMM yyyy, HH:mm') : value;
}

const textOf = ({ content }: Attachment): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content);
