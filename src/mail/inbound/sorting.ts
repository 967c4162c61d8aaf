/**
 * What kind of message came back, by outward signs alone and in a fixed order, the first that fits (interoperability
 * guide, section 8.2). A calendar's answer comes before the signs of an automatic message, because servers mark genuine
 * answers so. An absence notice is never taken for an answer, nor for a bounce, although both come with an empty
 * envelope sender (RFC 3834 section 3.3, RFC 5321 section 4.5.5).
 */
import { type InboundHoldReason, type InboundKind } from './opened-mail.js';
import { headerOf, type TakenApart, type TakenPart } from './taken-apart.js';

/** How it reached us. */
export interface Envelope {
  readonly addressKind: 'r' | 'b';
  /** The envelope's sender; null when it was empty. */
  readonly returnPath: string | null;
}

export interface Sorted {
  readonly kind: InboundKind;
  /** Held without asking a reader. */
  readonly hold: InboundHoldReason | null;
  readonly possiblyAutomatic: boolean;
  readonly calendars: readonly { readonly method: string | null; readonly text: string }[];
  readonly deliveryStatus: string | null;
  readonly returnedMessageId: string | null;
}

/** The methods by which somebody who was invited answers (RFC 5546 section 3.2). */
const ANSWERS = ['REPLY', 'COUNTER', 'REFRESH'];

/** Sorts one message. */
export function sort(mail: TakenApart, envelope: Envelope): Sorted {
  const calendars = calendarsOf(mail.parts);
  const possiblyAutomatic = isAutomatic(mail, envelope) || AWAY.test(mail.subject);
  return {
    ...kindOf(mail, envelope, calendars),
    possiblyAutomatic,
    calendars: calendars.map(({ part, text }) => ({ method: part, text })),
    deliveryStatus: reportOf(mail, 'delivery-status'),
    returnedMessageId: returnedMessageId(mail),
  };
}

function kindOf(
  mail: TakenApart,
  envelope: Envelope,
  calendars: readonly Calendar[],
): { kind: InboundKind; hold: InboundHoldReason | null } {
  const sure = (kind: InboundKind): { kind: InboundKind; hold: null } => ({ kind, hold: null });
  const report = reportKind(mail, envelope);
  if (report !== null) return sure(report);
  const answer = calendars.find(({ body }) => body !== null && ANSWERS.includes(body));
  if (answer !== undefined) return { kind: 'CALENDAR', hold: calendars.every(agrees) ? null : 'METHOD_MISMATCH' };
  if (cameBack(mail, envelope)) return sure('BOUNCE');
  if (isAutomatic(mail, envelope)) return sure('AUTOMATIC');
  if (calendars.length > 0) return { kind: 'CALENDAR', hold: 'OTHER_METHOD' };
  return sure(isOpaque(mail) ? 'OPAQUE' : 'OTHER');
}

/** What a report says it is (RFC 6522); at a bounce address its machine-readable part is enough. */
function reportKind(mail: TakenApart, { addressKind }: Envelope): InboundKind | null {
  const top = headerOf(mail, 'content-type').toLowerCase();
  const type = top.startsWith('multipart/report') ? (/report-type\s*=\s*"?([a-z-]+)/.exec(top)?.[1] ?? '') : '';
  const isReport = top.startsWith('multipart/report') || addressKind === 'b';
  const holds = (what: string): boolean => type === what || (isReport && reportOf(mail, what) !== null);
  if (holds('delivery-status')) return 'BOUNCE';
  if (holds('disposition-notification')) return 'RECEIPT';
  return holds('feedback-report') ? 'COMPLAINT' : null;
}

function reportOf({ parts }: TakenApart, what: string): string | null {
  return (
    parts.find(({ mimeType }) => mimeType === `message/${what}` || mimeType === `message/global-${what}`)?.text ?? null
  );
}

/** An empty envelope sender at a bounce address is enough, unless it is plainly a notice of absence. */
function cameBack(mail: TakenApart, { addressKind, returnPath }: Envelope): boolean {
  if (addressKind !== 'b' || returnPath !== null) return false;
  return hasBounceSigns(mail) || !(isMarked(mail) || AWAY.test(mail.subject));
}

const MAILERS = /^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|microsoftexchange[0-9a-f]+|mailsystem)@/i;
const RETURNED =
  /undeliver|not delivered|non-?delivery|delivery (?:status|failure|has failed|incomplete|delayed)|failure notice|mail delivery|returned mail|delivery report/i;
const AWAY =
  /^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|away|absence|on leave)\b/i;

function hasBounceSigns(mail: TakenApart): boolean {
  return (
    headerOf(mail, 'x-failed-recipients') !== '' ||
    MAILERS.test(mail.from?.address ?? '') ||
    RETURNED.test(mail.subject)
  );
}

const PROGRAMS = ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply'];
const LISTS = ['list-id', 'list-post', 'list-unsubscribe', 'list-help', 'mailing-list'];

/** Does it say of itself that a program sent it? */
function isMarked(mail: TakenApart): boolean {
  const submitted = headerOf(mail, 'auto-submitted').toLowerCase();
  if (submitted !== '' && !/^no\b/.test(submitted)) return true;
  return PROGRAMS.some((key) => headerOf(mail, key) !== '');
}

function isAutomatic(mail: TakenApart, { returnPath }: Envelope): boolean {
  if (returnPath === null || isMarked(mail)) return true;
  if (/^(?:bulk|junk|list|auto[_-]?reply)\b/i.test(headerOf(mail, 'precedence'))) return true;
  return LISTS.some((key) => headerOf(mail, key) !== '');
}

function isOpaque(mail: TakenApart): boolean {
  const top = headerOf(mail, 'content-type').toLowerCase();
  if (/^(?:multipart\/encrypted|application\/(?:x-)?pkcs7-mime)/.test(top)) return true;
  const sealed = mail.parts.some(({ mimeType }) => /^application\/(?:(?:x-)?pkcs7-mime|pgp-encrypted)$/.test(mimeType));
  if (sealed || /^-----BEGIN PGP MESSAGE-----/m.test(mail.text)) return true;
  return mail.text === '' && mail.parts.some(isWinmail);
}

function isWinmail({ mimeType, filename }: TakenPart): boolean {
  return /^application\/(?:vnd\.)?ms-tnef$/.test(mimeType) || filename?.toLowerCase() === 'winmail.dat';
}

interface Calendar {
  /** The method of the part's header. */
  readonly part: string | null;
  /** The method that the calendar itself gives. */
  readonly body: string | null;
  readonly text: string;
}

/** `text/calendar` if there is any, else `application/ics`, else a file that is called so: copies do not count twice. */
function calendarsOf(parts: readonly TakenPart[]): Calendar[] {
  const kinds: ((part: TakenPart) => boolean)[] = [
    ({ mimeType }) => mimeType === 'text/calendar',
    ({ mimeType }) => mimeType === 'application/ics',
    ({ filename }) => /\.ics$/i.test(filename ?? ''),
  ];
  const first = kinds.map((fits) => parts.filter(fits)).find((found) => found.length > 0) ?? [];
  return first.slice(0, 4).map(({ method, text }) => ({ part: method, body: methodIn(text ?? ''), text: text ?? '' }));
}

function methodIn(calendar: string): string | null {
  const at = calendar.toUpperCase().indexOf('BEGIN:VCALENDAR');
  const found = /(?:^|\n)METHOD(?:;[^:\n]{0,200})?:[ \t]*([A-Z-]{1,40})/i.exec(
    at === -1 ? calendar : calendar.slice(at),
  );
  return found?.[1]?.toUpperCase() ?? null;
}

/** A part without a method goes by its calendar (Apple leaves it out); one with another contradicts it. */
function agrees({ part, body }: Calendar): boolean {
  return part === null || part === body;
}

const MESSAGE_ID = /^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{3,500}>)/im;

/** The Message-ID of what came back, from its headers; some bounces quote it in their own words. */
function returnedMessageId({ parts, text }: TakenApart): string | null {
  const returned = parts.find(({ mimeType }) =>
    /^(?:message\/(?:rfc822|global|global-headers)|text\/rfc822-headers)$/.test(mimeType),
  );
  return (MESSAGE_ID.exec(returned?.text ?? '') ?? MESSAGE_ID.exec(text))?.[1] ?? null;
}
