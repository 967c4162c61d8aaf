/** The authorities of a run: who calls meetings, and a directory with as many people as there are invitations. */
import { type Actor } from '../src/access/actor.js';
import { createAuthority } from '../src/authorities/founding.service.js';
import { asOwner } from '../src/database/as-owner.js';
import { DEFAULT_QUORUM_RULES } from '../src/meetings/quorum-defaults.js';
import { type Cluster } from './cluster.js';

const DOMAIN = 'agency.example';

/** The address of the person with a number, by which the mail server knows what to do to them. */
export function addressOf(person: number): string {
  return `p${person}@${DOMAIN}`;
}

/** One authority of a run; several, because an authority does one thing at a time. */
export interface RunPlace {
  readonly coordinator: Actor;
  /** Contacts, and the numbers by which `addressOf` knows them. */
  readonly contacts: readonly { readonly id: string; readonly person: number }[];
}

const AGENCY = `insert into agency (authority_id, id, name, category, created_at)
  select $1, gen_random_uuid(), 'Agency', 'EDUCATION', now()`;
const PEOPLE = `
  with person as (
    select n, gen_random_uuid() as contact, gen_random_uuid() as post, 'p' || n || '@' || $4 as address
    from generate_series($2::int, $3::int - 1) n
  ), posts as (
    insert into post (authority_id, id, agency_id, title)
    select $1, post, (select id from agency where authority_id = $1 limit 1), 'Post ' || n from person
  ), contacts as (
    insert into contact (authority_id, id, name, email, address_key, created_at)
    select $1, contact, 'Person ' || n, address, address, now() from person
  ), holdings as (
    insert into holding (authority_id, id, contact_id, post_id, from_on)
    select $1, gen_random_uuid(), contact, post, '2020-01-01' from person
  )
  select contact as id, n as person from person order by n`;

/** Makes an authority and its people, numbered from `from` to below `to`. */
export async function prepare(cluster: Cluster, from: number, to: number): Promise<RunPlace> {
  const { authority, staff } = await asOwner(cluster.ownerUrl, (manager) =>
    createAuthority(manager, {
      name: `Council of person ${from}`,
      shortName: `Council ${from}`,
      phone: '01632 960 000',
      demonstration: true,
      rules: DEFAULT_QUORUM_RULES,
      staff: [{ name: 'Priya', email: `priya${from}@council.example`, desk: 'LADO', roles: ['LADO', 'COORDINATOR'] }],
      now: new Date(),
    }),
  );
  const [coordinator] = staff.map((one) => one.asActor());
  if (coordinator === undefined) throw new Error('An authority without staff.');
  await cluster.ask(AGENCY, [authority.id]);
  const contacts = await cluster.ask<{ id: string; person: number }>(PEOPLE, [authority.id, from, to, DOMAIN]);
  await cluster.ask('analyze');
  return { coordinator, contacts };
}
