import { type EntityManager } from 'typeorm';
import { type Desk, type StaffRole } from '../access/actor.js';
import { Staff } from '../access/staff.js';
import { enterAuthority } from '../database/as-owner.js';
import { newId } from '../database/ids.js';
import { RuleBroken } from '../errors.js';
import { parseAddress } from '../mail/address.js';
import { Authority, type AuthorityFacts } from './authority.js';
import { defaultMeetingTypes } from './defaults.js';
import { MeetingType } from './meeting-type.js';
import { requiredText } from './plain-text.js';

export interface FirstStaff {
  readonly id?: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly StaffRole[];
  readonly desk: Desk | null;
}

/** A quorum rule to start with, as the meetings keep it; those with a variant's name wait until somebody chooses one. */
export interface RuleToStartWith {
  readonly id: string;
  readonly version: number;
  readonly variant: string | null;
  readonly source: string;
  readonly confidence: string;
  readonly effectiveFrom: string | null;
  readonly effectiveTo: string | null;
}

export interface NewAuthority extends AuthorityFacts {
  /** The next free number unless given. */
  readonly id?: number;
  readonly staff: readonly FirstStaff[];
  readonly rules: readonly RuleToStartWith[];
  readonly closures?: readonly { readonly on: string; readonly reason: string }[];
  /** Numbers of references already used elsewhere: `{ 'ALL-2026': 146 }`. */
  readonly counters?: Readonly<Record<string, number>>;
  readonly now: Date;
}

/**
 * Makes an authority with its meeting types, quorum rules and first members of staff. `manager` is a transaction of the
 * tables' owner (`asOwner`), which stays in the new authority's context afterwards. Throws REQUIRED, INVALID,
 * INVALID_EMAIL and the like, with the field.
 */
export async function createAuthority(
  manager: EntityManager,
  given: NewAuthority,
): Promise<{ authority: Authority; staff: Staff[] }> {
  const authority = Authority.of(given, { id: given.id ?? (await nextNumber(manager)), now: given.now });
  await manager.insert(Authority, authority);
  await enterAuthority(manager, authority.id);
  await manager.insert(MeetingType, defaultMeetingTypes(authority.id));
  await insertRules(manager, authority.id, given.rules);
  await insertNumbers(manager, authority.id, given);
  const staff = given.staff.map((one) => staffOf(one, authority));
  if (staff.length > 0) await manager.insert(Staff, staff);
  await record(manager, given.now, 'authority.created', `authority:${authority.id}`, { name: authority.name });
  for (const { id, name, roles, desk } of staff) {
    await record(manager, given.now, 'staff.added', `staff:${id}`, { name, roles, desk });
  }
  return { authority, staff };
}

async function nextNumber(manager: EntityManager): Promise<number> {
  await manager.query('lock table authority in share row exclusive mode');
  const [row] = await manager.query<{ next: number }[]>('select coalesce(max(id), 0) + 1 as next from authority');
  return row?.next ?? 1;
}

async function insertRules(
  manager: EntityManager,
  authorityId: number,
  rules: readonly RuleToStartWith[],
): Promise<void> {
  for (const rule of rules.filter(({ variant }) => variant === null)) {
    await manager.query(
      `insert into quorum_rule (authority_id, id, rule_version, rule, source, confidence, effective_from, effective_to)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        authorityId,
        rule.id,
        rule.version,
        JSON.stringify(rule),
        rule.source,
        rule.confidence,
        rule.effectiveFrom,
        rule.effectiveTo,
      ],
    );
  }
}

async function insertNumbers(manager: EntityManager, authorityId: number, given: NewAuthority): Promise<void> {
  for (const { on, reason } of given.closures ?? []) {
    await manager.query('insert into closure (authority_id, closed_on, reason) values ($1, $2, $3)', [
      authorityId,
      on,
      reason,
    ]);
  }
  for (const [name, value] of Object.entries(given.counters ?? {})) {
    await manager.query('insert into counter (authority_id, name, value) values ($1, $2, $3)', [
      authorityId,
      name,
      value,
    ]);
  }
}

function staffOf(one: FirstStaff, authority: Authority): Staff {
  const email = parseAddress(one.email);
  if (email === undefined) {
    throw new RuleBroken(
      'INVALID_EMAIL',
      'Enter the coordinator’s email address in the correct format',
      'coordinatorEmail',
    );
  }
  return Object.assign(new Staff(), {
    authorityId: authority.id,
    id: one.id ?? newId(),
    name: requiredText(one.name, { field: 'coordinatorName', ask: 'Enter the coordinator’s name', max: 120 }),
    email,
    roles: [...one.roles],
    desk: one.desk,
    createdAt: authority.createdAt,
  });
}

async function record(
  manager: EntityManager,
  at: Date,
  action: string,
  object: string,
  details: object,
): Promise<void> {
  await manager.query('select audit_append($1, $2, $3, $4, null, null)', [at, action, object, JSON.stringify(details)]);
}
