/**
 * What came back by email, opened and told apart, before anybody acts on it. Nothing in it proves who wrote it (RFC 5546
 * section 6): only the address it reached says which invitation or message it belongs to, and everything else is what
 * somebody claims.
 */

/**
 * What a message is, by its outward signs (interoperability guide, section 8.2): BOUNCE came back undelivered, RECEIPT
 * says it was opened, COMPLAINT calls it junk, CALENDAR is a calendar program's answer, AUTOMATIC is an absence notice or
 * a list, OPAQUE cannot be read without a key or a program of its own, OTHER is a person's words.
 */
export const INBOUND_KINDS = ['BOUNCE', 'RECEIPT', 'COMPLAINT', 'CALENDAR', 'AUTOMATIC', 'OPAQUE', 'OTHER'] as const;
export type InboundKind = (typeof INBOUND_KINDS)[number];

/** RECEIVED waits to be read; DONE was acted on or noted; HELD waits for a coordinator; DISMISSED by one. */
export const INBOUND_STATES = ['RECEIVED', 'DONE', 'HELD', 'DISMISSED'] as const;
export type InboundState = (typeof INBOUND_STATES)[number];

/** Why a coordinator has to look. */
export const INBOUND_HOLD_REASONS = [
  /** It could not be taken apart: too deep, too slow, broken. */
  'UNREADABLE',
  /** Nothing in this service reads this kind. */
  'NOBODY_READS',
  /** Something a person or a calendar sent to an address that only takes bounces. */
  'BOUNCE_ADDRESS',
  /** It came back, and neither a code nor its words say for good why. */
  'BOUNCE_UNCLEAR',
  /** The calendar says another method than the part it stands in. */
  'METHOD_MISMATCH',
  /** A calendar that is no answer: an invitation of their own, or a cancellation. */
  'OTHER_METHOD',
  'CALENDAR_UNREADABLE',
  'OTHER_MEETING',
  'SEVERAL_ATTENDEES',
  'STRANGER',
  'LOW_CONFIDENCE',
  'LATER_VERSION',
  'CONFLICT',
  'UNKNOWN_ZONE',
  'DELEGATED',
  'PROPOSAL',
  'INVITATION_CLOSED',
  'WORDS',
  'OPAQUE',
  'COMPLAINT',
] as const;
export type InboundHoldReason = (typeof INBOUND_HOLD_REASONS)[number];

export type AuthenticationResult = 'pass' | 'fail' | 'none';

/** What could be found out about where a message comes from; 'none' where nothing could. */
export interface Authentication {
  readonly dmarc: { readonly domain: string | null; readonly result: AuthenticationResult };
  readonly dkim: readonly { readonly domain: string; readonly result: AuthenticationResult }[];
  /** As the site's own mail server found it. */
  readonly spf: { readonly domain: string | null; readonly result: string };
}

/** Nothing was found out. */
export const UNCHECKED: Authentication = {
  dmarc: { domain: null, result: 'none' },
  dkim: [],
  spf: { domain: null, result: 'none' },
};

/** A message that reached an address of ours, opened. */
export interface OpenedMail {
  readonly authorityId: number;
  /** Its row in `inbound_mail`. */
  readonly id: string;
  /** r: the reply address of an invitation; b: the bounce address of one message. */
  readonly addressKind: 'r' | 'b';
  /** The invitation the reply address belongs to, or the one the bounced message was about. */
  readonly invitationId: string | null;
  readonly meetingId: string | null;
  readonly matterId: string | null;
  readonly contactId: string | null;
  /** At a bounce address: the message of ours that it names. */
  readonly ofMessageId: string | null;
  readonly receivedAt: Date;
  /** The envelope's sender; null when it was empty, as with bounces and absence notices. */
  readonly returnPath: string | null;
  readonly sender: { readonly name: string; readonly address: string } | null;
  readonly subject: string;
  readonly sentAt: Date | null;
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  /** What a person would read of it, at most 20,000 characters. */
  readonly text: string;
  readonly kind: InboundKind;
  /** The calendar parts of this message itself, never of one forwarded in it; `method` as the part's header says. */
  readonly calendars: readonly { readonly method: string | null; readonly text: string }[];
  /** The machine-readable part of a bounce (RFC 3464), and the Message-ID of what came back. */
  readonly deliveryStatus: string | null;
  readonly returnedMessageId: string | null;
  readonly authentication: Authentication;
  /** It bears a sign of having been sent by a program by itself. */
  readonly possiblyAutomatic: boolean;
}

/** What reading a message came to: settled in the same transaction as whatever it changed. */
export type InboundOutcome =
  | { readonly state: 'DONE'; readonly note: string }
  | { readonly state: 'HELD'; readonly reason: InboundHoldReason; readonly note: string };
