/**
 * How sure one may be that an answer from a calendar is the invitee's own. Nobody proves who they are to iMIP (RFC 5546,
 * section 6); the reply address is the secret, and what the mail servers vouch for (DMARC, RFC 7489) raises or lowers the
 * confidence. Google's calendar answers in its own name, so its replies fail DMARC by design and are known by their shape.
 * High and medium are applied, and confirmed to the registered address; low waits until the invitee confirms by link.
 */
import { type Authentication } from '../../mail/inbound/opened-mail.js';
import { isOfDomains } from '../substitution.js';
import { type Answerer, type KnownAs, mayCarry } from './who-answers.js';

export const CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export const CONFIDENCE_LABELS: Readonly<Record<Confidence, string>> = {
  HIGH: 'sure: their mail server vouches for it',
  MEDIUM: 'fairly sure: nothing speaks against it',
  LOW: 'not sure: it may be somebody else’s',
};

/** Where a message says that it comes from, and what was found out about that. */
export interface CameFrom {
  readonly from: string | null;
  readonly returnPath: string | null;
  readonly authentication: Authentication;
}

/** How sure one may be that this answer is theirs. */
export function confidenceIn(mail: CameFrom, answerer: Answerer, known: KnownAs): Confidence {
  const { from } = mail;
  if (from === null || !mayCarry(from, answerer, known)) return 'LOW';
  const level = levelOf(mail, from, known);
  return answerer.kind === 'OTHER_NAME' && level === 'HIGH' ? 'MEDIUM' : level;
}

/** One level less. */
export function lowered(confidence: Confidence): Confidence {
  return confidence === 'HIGH' ? 'MEDIUM' : 'LOW';
}

function levelOf(mail: CameFrom, from: string, known: KnownAs): Confidence {
  const { dmarc } = mail.authentication;
  if (isGoogleShape(mail, from)) return 'HIGH';
  if (dmarc.result === 'fail') return 'LOW';
  const vouched = dmarc.result === 'pass' && dmarc.domain !== null && isOfDomains(from, [dmarc.domain]);
  if (!vouched) return failsAnywhere(mail) ? 'LOW' : 'MEDIUM';
  return isOfDomains(from, [domainOf(known.address), ...known.agencyDomains]) ? 'HIGH' : 'MEDIUM';
}

function failsAnywhere({ authentication: { dkim, spf } }: CameFrom): boolean {
  return dkim.some(({ result }) => result === 'fail') || spf.result === 'fail' || spf.result === 'softfail';
}

const GOOGLE_BOUNCES = 'calendar-server.bounces.google.com';

/* Signed by Google itself or by what it signs for a domain of its customers: `northshire-example.20230601.gappssmtp.com`. */
function isGoogleShape({ returnPath, authentication: { dkim, spf } }: CameFrom, from: string): boolean {
  if (returnPath === null || domainOf(returnPath) !== GOOGLE_BOUNCES || spf.result !== 'pass') return false;
  const hyphened = domainOf(from).replaceAll('.', '-');
  const signers = dkim.filter(({ result }) => result === 'pass').map(({ domain }) => domain.toLowerCase());
  return signers.some((signer) => {
    const [of, date, ...rest] = signer.split('.');
    const customers = of === hyphened && /^\d{8}$/.test(date ?? '') && rest.join('.') === 'gappssmtp.com';
    return signer === 'google.com' || customers;
  });
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
