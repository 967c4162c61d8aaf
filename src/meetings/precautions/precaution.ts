/**
 * What is asked once more before invitations leave: many people at once, and addresses that are not the agency's own or
 * almost a colleague's. One automatic invitation to a stranger tells them that a matter exists; so whoever sends looks at
 * the list a second time (security guide, T-20). The number of ten is this product's own.
 */
import { lookAlike } from '../../directory/look-alike.js';
import { RuleBroken } from '../../errors.js';

/** More recipients than this are asked about once more. */
export const MANY = 10;

/** Somebody about to be written to. */
export interface Recipient {
  readonly name: string;
  readonly email: string;
  /** Domains from which people of their agency write; none where nobody has said. */
  readonly agencyDomains: readonly string[] | null;
  /** Addresses of colleagues that might be meant instead. */
  readonly colleagues: readonly string[];
}

export interface Precaution {
  readonly kind: 'MANY' | 'ADDRESS';
  readonly message: string;
}

/** What to look at once more before these people are written to; nothing for a few people at their agencies' addresses. */
export function precautionsOf(recipients: readonly Recipient[]): Precaution[] {
  const many: Precaution[] =
    recipients.length > MANY
      ? [{ kind: 'MANY', message: `${recipients.length} people will be written to, each by name` }]
      : [];
  return [...many, ...recipients.flatMap(strange)];
}

/** Throws NEEDS_CONFIRMATION with every precaution unless somebody has said that they looked. */
export function passPrecautions(found: readonly Precaution[], sure: boolean): void {
  if (found.length === 0 || sure) return;
  const list = found.map(({ message }) => message).join('. ');
  throw new RuleBroken(
    'NEEDS_CONFIRMATION',
    `${list}. Look at the list once more and confirm that it is right`,
    'sure',
  );
}

function strange({ name, email, agencyDomains, colleagues }: Recipient): Precaution[] {
  const own = agencyDomains ?? [];
  const found = lookAlike(email, { agencyDomains: own, domains: own, addresses: colleagues });
  return found === null ? [] : [{ kind: 'ADDRESS', message: `${name}, ${email}: ${lowered(found.words)}` }];
}

function lowered(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
