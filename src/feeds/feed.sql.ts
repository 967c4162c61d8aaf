/** The statements of feeds and published calendars; each is constant. */

/** What the feed with this secret shows; no row for one that does not work. */
export const READ_FEED = 'select within, meetings from read_feed($1, $2, $3)';

/** The feed of a contact, $2, or of a member of staff, $3, that was not taken back. */
export const LIVE_FEED = `select id from feed where authority_id = $1 and revoked_at is null
  and (contact_id = $2::uuid or staff_id = $3::uuid)`;

/** Published calendars that are due to be read, over all authorities. */
export const DUE = 'select authority_id, id from own_calendars_due($1, $2)';

/** Takes one to be read; nothing where somebody else has. It is due again at $4, whatever becomes of this reading. */
export const TAKE = `with taken as (
    update own_calendar set next_read_at = $4 where authority_id = $1 and id = $2 and next_read_at <= $3 returning id)
  select id from taken`;

export const OF_CONTACT = 'select id from own_calendar where authority_id = $1 and contact_id = $2';
export const REMOVE = 'delete from own_calendar where authority_id = $1 and contact_id = $2';
export const FORGET_TIMES = 'delete from busy_time where authority_id = $1 and calendar_id = $2';

/** $4, $5, $6: starts, ends and kinds of as many times. */
export const KEEP_TIMES = `insert into busy_time (authority_id, calendar_id, contact_id, starts_at, ends_at, kind)
  select $1, $2, $3, t.starts_at, t.ends_at, t.kind
  from unnest($4::timestamptz[], $5::timestamptz[], $6::text[]) as t (starts_at, ends_at, kind)`;

/** The calendar UIDs of the meetings that a contact, $2, is asked to and that are not over at $3. */
export const OUR_UIDS = `select m.calendar_uid as uid from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  where i.authority_id = $1 and i.contact_id = $2 and m.ends_at > $3 limit 1000`;

/** What is known of the times of some people, $2, from $3 to $4: everybody, those without a calendar too. */
export const KNOWN_TIMES = `select c.id as contact_id, c.name, o.fresh_at, o.covers_until,
    coalesce((select jsonb_agg(jsonb_build_object('startsAt', b.starts_at, 'endsAt', b.ends_at, 'kind', b.kind) order by b.starts_at)
      from busy_time b where b.authority_id = c.authority_id and b.contact_id = c.id and b.starts_at < $4 and b.ends_at > $3), '[]') as times
  from contact c left join own_calendar o on o.authority_id = c.authority_id and o.contact_id = c.id
  where c.authority_id = $1 and c.id = any ($2::uuid[]) order by c.name, c.id`;
