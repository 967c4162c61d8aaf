/**
 * Who answers. A calendar program names one person, often not by the address that was invited: capitals, a second address
 * of the same mailbox, the account that the telephone happened to use, an assistant who answers for them (SENT-BY). Those
 * are other names of the invitee. Anybody else is a stranger, although they may well be a substitute to whom the
 * invitation was forwarded: forwarding grants nothing (RFC 5546, sections 3.2.2.6 and 3.2.3), so a coordinator looks. A
 * colleague at the same agency is a stranger too: a substitute has an invitation of their own.
 */
import { addressKey } from '../../mail/address.js';
import { type ReplyAttendee, type ReplyEvent } from '../../calendar/reply-calendar.js';
import { isOfDomains } from '../substitution.js';

/** Under which addresses an invitee is known. */
export interface KnownAs {
  /** The registered address, to which the invitation went. */
  readonly address: string;
  /** Other addresses that a coordinator has added. */
  readonly aliases: readonly string[];
  readonly agencyDomains: readonly string[];
}

/** OTHER_NAME answers for the invitee under another address; DELEGATES asks for somebody else to come. */
export type Answerer =
  | { readonly kind: 'INVITEE' }
  | { readonly kind: 'OTHER_NAME'; readonly address: string }
  | { readonly kind: 'DELEGATES'; readonly to: string | null }
  | { readonly kind: 'STRANGER'; readonly address: string }
  | { readonly kind: 'SEVERAL' };

/** Who answers in one event of a message from `from`; SEVERAL stands for nobody too. */
export function whoAnswers(event: Pick<ReplyEvent, 'attendees'>, from: string | null, known: KnownAs): Answerer {
  const [one, ...others] = withoutDelegate(event.attendees, known);
  if (one === undefined || others.length > 0) return { kind: 'SEVERAL' };
  if (!isSame(one.address, known.address)) return underAnotherAddress(one, from, known);
  if (one.partstat === 'DELEGATED') return { kind: 'DELEGATES', to: one.delegatedTo };
  return one.sentBy === null || isSame(one.sentBy, known.address) ? { kind: 'INVITEE' } : answeredBy(one.sentBy, known);
}

/** An assistant of the same agency answers for the invitee. */
function answeredBy(address: string, known: KnownAs): Answerer {
  const isTheirs = isOneOfTheirs(address, known) || isOfDomains(address, known.agencyDomains);
  return { kind: isTheirs ? 'OTHER_NAME' : 'STRANGER', address };
}

/** Whether a message from this address may carry the answer of that person. */
export function mayCarry(from: string | null, answerer: Answerer, known: KnownAs): boolean {
  if (from === null) return false;
  if (isSame(from, known.address) || isOneOfTheirs(from, known)) return true;
  return answerer.kind === 'OTHER_NAME' && isSame(from, answerer.address);
}

function underAnotherAddress({ address }: ReplyAttendee, from: string | null, known: KnownAs): Answerer {
  const fromThem = from !== null && (isSame(from, known.address) || isOneOfTheirs(from, known));
  return isOneOfTheirs(address, known) || fromThem ? { kind: 'OTHER_NAME', address } : { kind: 'STRANGER', address };
}

/** An address that was added for them, another spelling of theirs, or the same mailbox at another domain of the agency. */
function isOneOfTheirs(address: string, { address: registered, aliases, agencyDomains }: KnownAs): boolean {
  const key = addressKey(address);
  if ([registered, ...aliases].some((one) => addressKey(one) === key)) return true;
  const sameMailbox = mailboxOf(address) === mailboxOf(registered);
  return sameMailbox && isOfDomains(address, agencyDomains) && isOfDomains(registered, agencyDomains);
}

/* Whoever passes the invitation on may name the other person beside themselves (RFC 5546, section 4.2.5). */
function withoutDelegate(attendees: readonly ReplyAttendee[], known: KnownAs): readonly ReplyAttendee[] {
  const passedOn = attendees.find((one) => isSame(one.address, known.address) && one.partstat === 'DELEGATED');
  if (passedOn === undefined) return attendees;
  return attendees.filter((one) => one === passedOn || !isSame(one.delegatedFrom ?? '', known.address));
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const mailboxOf = (address: string): string => address.slice(0, address.lastIndexOf('@')).toLowerCase();
