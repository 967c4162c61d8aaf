/**
 * A council and its safeguarding partnership: the tenant, to whom everything else belongs. It is in one of the four
 * nations, whose bank holidays it counts by, and it has a telephone number that stands on every page a link holder
 * sees, because not everybody can answer by link.
 */
import { type Jurisdiction } from './bank-holidays.js';
import { optionalText, requiredText } from './plain-text.js';
import { RuleBroken } from '../errors.js';

export interface AuthorityFacts {
  readonly name: string;
  readonly shortName: string;
  readonly phone: string;
  /** What the reference of an allegation begins with; `ALL` unless told. */
  readonly referencePrefix?: string | undefined;
  readonly jurisdiction?: string | undefined;
  readonly demonstration?: boolean | undefined;
}

const JURISDICTIONS: readonly Jurisdiction[] = ['ENGLAND', 'WALES', 'SCOTLAND', 'NORTHERN_IRELAND'];

/** Prefixes that stand for something else: child protection, complex abuse, actions. */
const TAKEN_PREFIXES: readonly string[] = ['CP', 'CX', 'ACT'];

export class Authority {
  id: number;
  name: string;
  shortName: string;
  jurisdiction: Jurisdiction = 'ENGLAND';
  zone = 'Europe/London';
  /** The number to ring that stands on every page and in every message. */
  phone: string;
  referencePrefix = 'ALL';
  /** Loaded to try the service out; nobody real is in it. */
  demonstration = false;
  createdAt: Date;

  /** A new authority; throws REQUIRED, TOO_LONG, UNSAFE_TEXT or INVALID. */
  static of(facts: AuthorityFacts, at: { id: number; now: Date }): Authority {
    return Object.assign(new Authority(), {
      id: at.id,
      createdAt: at.now,
      name: requiredText(facts.name, { field: 'name', ask: 'Enter the name of the authority', max: 120 }),
      shortName: requiredText(facts.shortName, { field: 'short', ask: 'Enter a short name', max: 40 }),
      phone: requiredText(facts.phone, { field: 'phone', ask: 'Enter a telephone number', max: 40 }),
      referencePrefix: prefixOf(facts.referencePrefix),
      jurisdiction: jurisdictionOf(facts.jurisdiction),
      demonstration: facts.demonstration ?? false,
    });
  }
}

function prefixOf(typed: string | undefined): string {
  const prefix = optionalText(typed, { field: 'prefix', max: 6 })?.toUpperCase() ?? 'ALL';
  if (!/^[A-Z]{2,6}$/.test(prefix) || TAKEN_PREFIXES.includes(prefix)) {
    const taken = TAKEN_PREFIXES.join(', ');
    throw new RuleBroken('INVALID', `Enter a prefix of 2 to 6 letters that is not ${taken}, like ALL`, 'prefix');
  }
  return prefix;
}

function jurisdictionOf(code: string | undefined): Jurisdiction {
  const known = JURISDICTIONS.find((one) => one === (code ?? 'ENGLAND'));
  if (known === undefined) throw new RuleBroken('INVALID', `Choose one of ${JURISDICTIONS.join(', ')}`, 'jurisdiction');
  return known;
}
