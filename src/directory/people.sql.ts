import { SURENESS } from './verification/verification.sql.js';

/** What is read of people, as constant statements; `$1` is the authority and `$2` today (`YYYY-MM-DD`) in each. */

const PARTICULARS = `c.id as "contactId", c.version as "contactVersion", c.name, c.email, c.address_key as "addressKey", c.phone,
  c.mobile, c.access_needs as "accessNeeds", c.status, c.last_verified_at as "lastVerifiedAt"`;

const PERSON = `${PARTICULARS}, ${SURENESS}`;

const PLACE = `p.id as "postId", p.title as "postTitle", t.name as "teamName", coalesce(p.can_decide, true) as "canDecide",
  a.id as "agencyId", a.name as "agencyName", a.email_domains as "agencyDomains", a.category, coalesce(p.discipline, a.discipline) as discipline`;

const HELD_TODAY = `h.from_on <= $2::date and (h.to_on is null or h.to_on > $2::date)`;

const POST_AND_AGENCY = `
  join post p on p.authority_id = h.authority_id and p.id = h.post_id
  join agency a on a.authority_id = p.authority_id and a.id = p.agency_id
  left join team t on t.authority_id = p.authority_id and t.id = p.team_id`;

/** The posts somebody holds now. */
const CURRENT_PLACE = `select ${PLACE} from holding h ${POST_AND_AGENCY}
  where h.authority_id = c.authority_id and h.contact_id = c.id and ${HELD_TODAY}`;

/** The same of a person who may hold none. */
const PLACE_IF_ANY = `place."postId", place."postTitle", place."teamName", coalesce(place."canDecide", true) as "canDecide",
  place."agencyId", place."agencyName", place."agencyDomains", place.category, place.discipline`;

/**
 * Chosen people with their posts: the one chosen for them if they hold it now, else the newest they hold.
 * $3: contact ids; $4: the post chosen for each, or null.
 */
export const PEOPLE_BY_ID = `
  select ${PERSON}, ${PLACE_IF_ANY} from unnest($3::uuid[], $4::uuid[]) with ordinality as wanted (contact_id, post_id, n)
  join contact c on c.authority_id = $1 and c.id = wanted.contact_id
  left join lateral (${CURRENT_PLACE}
    order by (h.post_id is not distinct from wanted.post_id) desc, h.from_on desc, h.id desc limit 1) place on true
  order by wanted.n`;

/** Everybody in order of name. $3: statuses; $4: how many; $5: how many before. */
export const PEOPLE_BY_NAME = `
  select ${PERSON}, ${PLACE_IF_ANY} from (
    select * from contact where authority_id = $1 and status = any($3::text[])
    order by lower(name), id limit $4 offset $5) c
  left join lateral (${CURRENT_PLACE} order by h.from_on desc, h.id desc limit 1) place on true
  order by lower(c.name), c.id`;

/** One spelling of apostrophes, so that O’Neill is found by O'Neill. */
const folded = (text: string): string => `replace(lower(${text}), '’', '''')`;

const FOLDED_NAME = folded('c.name');

/**
 * People whose name, post, team, agency or address has every word, names that start with what was typed first.
 * $3: statuses; $4: how many; $5: how many before; $6: a pattern for each word; $7: what was typed, as the start of a name.
 */
export const PEOPLE_BY_WORDS = `
  with found as (
    select distinct on (c.id) ${PARTICULARS}, ${PLACE}, case when ${FOLDED_NAME} like $7 || '%' then 0
        when ${FOLDED_NAME} like '% ' || $7 || '%' then 1
        when ${FOLDED_NAME} like all ($6::text[]) then 2 else 3 end as rank
    from contact c
    left join (holding h ${POST_AND_AGENCY})
      on h.authority_id = c.authority_id and h.contact_id = c.id and ${HELD_TODAY}
    where c.authority_id = $1 and c.status = any($3::text[])
      and ${folded(`concat_ws(' ', c.name, p.title, t.name, array_to_string(t.former_names, ' '), a.name, c.email)`)} like all ($6::text[])
    order by c.id, h.from_on desc, h.id desc)
  select f."contactId", f."contactVersion", f.name, f.email, f."addressKey", f.phone, f.mobile, f."accessNeeds", f.status,
    f."lastVerifiedAt", f."postId", f."postTitle", f."teamName", f."canDecide", f."agencyId", f."agencyName", f."agencyDomains",
    f.category, f.discipline, ${SURENESS}
  from (select * from found order by rank, lower(name), "contactId" limit $4 offset $5) f
  join contact c on c.authority_id = $1 and c.id = f."contactId" order by f.rank, lower(f.name), f."contactId"`;

const IN_POST = `from holding h ${POST_AND_AGENCY}
  join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
  where h.authority_id = $1 and ${HELD_TODAY} and c.status in ('ACTIVE', 'UNVERIFIED', 'ON_LEAVE')`;

/** Who works for an agency now. $3: the agency. */
export const PEOPLE_OF_AGENCY = `select ${PERSON}, ${PLACE} ${IN_POST} and p.agency_id = $3 order by lower(c.name), c.id, p.id`;

/** Who holds a post now. $3: posts. */
export const HOLDERS_OF_POSTS = `select ${PERSON}, ${PLACE} ${IN_POST} and h.post_id = any($3::uuid[]) order by h.from_on desc, h.id`;

/** Who comes from agencies of some categories. $3: categories; $4: how many. */
export const PEOPLE_OF_CATEGORIES = `select ${PERSON}, ${PLACE} ${IN_POST} and a.category = any($3::text[])
  order by a.category, lower(a.name), lower(c.name), c.id, p.id limit $4`;

/** Who stands in for a post now, the first to be asked first. $3: the post. */
export const DEPUTIES_OF_POST = `select ${PERSON}, ${PLACE} from deputy d
  join holding h on h.authority_id = d.authority_id and h.post_id = d.deputy_post_id ${POST_AND_AGENCY}
  join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
  where d.authority_id = $1 and d.post_id = $3 and d.from_on <= $2::date and (d.to_on is null or d.to_on > $2::date)
    and ${HELD_TODAY} and c.status in ('ACTIVE', 'UNVERIFIED', 'ON_LEAVE')
  order by d.rank, h.from_on desc, h.id`;

/** Others who have one of these addresses. $2: address keys. */
export const PEOPLE_WITH_ADDRESSES = `select c.id, c.name, c.status, c.address_key as "addressKey", c.phone, c.version
  from contact c where c.authority_id = $1 and c.address_key = any($2::text[]) and c.status <> 'MERGED' order by c.created_at, c.id`;

/** Domains of the agencies there are now. $2: today. */
export const DOMAINS_OF_AGENCIES = `select distinct unnest(a.email_domains) as domain from agency a
  where a.authority_id = $1 and (a.ended_on is null or a.ended_on > $2::date)`;

/**
 * Addresses that might be meant by one: the same name elsewhere, or at the same domain one that begins or ends alike, for
 * one slip leaves one half whole. $2: before the @; $3: after it; $4: how many signs of a half; $5: not this contact's.
 */
export const ADDRESSES_LIKE = `select distinct c.address_key as "addressKey" from contact c
  where c.authority_id = $1 and c.status <> 'MERGED' and ($5::uuid is null or c.id <> $5)
    and (split_part(c.address_key, '@', 1) = $2::text or (split_part(c.address_key, '@', 2) = $3::text
      and (left(c.address_key, $4::int) = left($2::text, $4::int) or right(split_part(c.address_key, '@', 1), $4::int) = right($2::text, $4::int))))
  limit 1000`;

/**
 * Of chosen people who have never shown themselves that mail reaches them: the addresses of colleagues that begin or end
 * alike. $2: today; $3: contacts.
 */
export const COLLEAGUES_LIKE = `select c.id as "contactId", array_agg(distinct o.address_key) as addresses
  from contact c
  join holding h on h.authority_id = c.authority_id and h.contact_id = c.id and ${HELD_TODAY}
  join post p on p.authority_id = h.authority_id and p.id = h.post_id
  join post q on q.authority_id = p.authority_id and q.agency_id = p.agency_id
  join holding i on i.authority_id = q.authority_id and i.post_id = q.id and i.contact_id <> c.id
    and i.from_on <= $2::date and (i.to_on is null or i.to_on > $2::date)
  join contact o on o.authority_id = i.authority_id and o.id = i.contact_id and o.status <> 'MERGED'
    and (left(o.address_key, 3) = left(c.address_key, 3)
      or right(split_part(o.address_key, '@', 1), 3) = right(split_part(c.address_key, '@', 1), 3))
  where c.authority_id = $1 and c.id = any($3::uuid[])
    and (c.verified_how is null or c.verified_how in ('COORDINATOR', 'FEED')) group by c.id`;

/** Shared inboxes with one of these addresses. $2: address keys. */
export const INBOXES_WITH_ADDRESSES = `select i.address, i.address_key as "addressKey", a.name as "agencyName" from inbox i
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  where i.authority_id = $1 and i.address_key = any($2::text[]) and i.ended_on is null`;

/** The posts somebody holds, held and will hold, the newest first. $2: the contact. */
export const HOLDINGS_OF_CONTACT = `select h.id, h.version, h.from_on::text as "fromOn", h.to_on::text as "toOn", h.end_reason as "endReason",
    p.id as "postId", p.title as "postTitle", p.can_decide as "canDecide", t.name as "teamName",
    a.id as "agencyId", a.name as "agencyName", a.category
  from holding h ${POST_AND_AGENCY}
  where h.authority_id = $1 and h.contact_id = $2 order by h.to_on desc nulls first, h.from_on desc, h.id`;

/** The posts people hold now or will hold, by name. $2: today; $3: contacts. */
export const POSTS_OF_PEOPLE = `select h.contact_id as "contactId", a.name as agency, p.title as post,
    case when t.id is null then '{}'::text[] else array_append(t.former_names, t.name) end as teams
  from holding h ${POST_AND_AGENCY}
  where h.authority_id = $1 and h.contact_id = any($3::uuid[]) and (h.to_on is null or h.to_on > $2::date)
  order by h.contact_id, h.id`;

/** Makes two who add the same address at once go one after the other. $1: the authority; $2: the address key. */
export const ONE_AT_A_TIME = `select pg_advisory_xact_lock($1::int, hashtext($2::text))`;
