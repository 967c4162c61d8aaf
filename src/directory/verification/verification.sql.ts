/** Who is to be asked whether their particulars are still right; `$1` is the authority in each. */

/** After how many days without a sign somebody of authority `$1` is asked. */
const DAYS = `coalesce((select u.reverify_days from directory_upkeep u where u.authority_id = $1), 90)`;

/** Since when nothing was heard of a contact `c`. */
const HEARD_OF = `coalesce(c.last_verified_at, c.created_at)`;

/** What a reader has to know of contact `c` to tell whether to rely on it. */
export const SURENESS = `${HEARD_OF} + make_interval(days => ${DAYS}) as "verificationDue",
  (select json_build_object('since', u.since, 'why', u.why) from undeliverable_address u
    where u.authority_id = c.authority_id and u.address_key = c.address_key and u.lifted_at is null) as undeliverable`;

/** Of whom nothing was heard for too long and who hold a post. $2: now; $3: today. */
const OVERDUE = `c.authority_id = $1 and c.status in ('ACTIVE', 'UNVERIFIED') and ${HEARD_OF} <= $2::timestamptz - make_interval(days => ${DAYS})
  and exists (select 1 from holding h where h.authority_id = c.authority_id and h.contact_id = c.id and h.from_on <= $3::date
    and (h.to_on is null or h.to_on > $3::date))`;

/** How many are overdue. */
export const COUNT_OVERDUE = `select count(*)::int as count from contact c where ${OVERDUE}`;

/** The overdue ones, the longest waiting first, with the last time they were asked. $4: how many. */
export const LIST_OVERDUE = `select c.id as "contactId", c.name, c.status, c.last_verified_at as "lastVerifiedAt", ${SURENESS},
    (select max(v.asked_at) from verification v where v.authority_id = c.authority_id and v.contact_id = c.id) as "askedAt"
  from contact c where ${OVERDUE} order by ${HEARD_OF}, c.id limit $4`;

/**
 * Whom to ask now, the longest waiting first: overdue, not away, at an address that works, not gone as far as somebody
 * has said, not asked in this time, not written to within seven days and with no invitation whose answer would show it.
 * $4: how many. $5: nobody but this contact, or null.
 */
export const TO_ASK = `select c.id from contact c where ${OVERDUE} and ($5::uuid is null or c.id = $5)
  and (c.leave_from is null or c.leave_from > $3::date)
  and not exists (select 1 from undeliverable_address u where u.authority_id = c.authority_id and u.address_key = c.address_key
    and u.lifted_at is null)
  and not exists (select 1 from handover o where o.authority_id = c.authority_id and o.contact_id = c.id and o.undone_at is null
    and o.started_at >= ${HEARD_OF})
  and not exists (select 1 from verification v where v.authority_id = c.authority_id and v.contact_id = c.id
    and v.asked_at > $2::timestamptz - make_interval(days => ${DAYS}))
  and not exists (select 1 from message g where g.authority_id = c.authority_id and g.contact_id = c.id and g.purpose <> 'CODE'
    and g.created_at > $2::timestamptz - interval '7 days')
  and not exists (select 1 from invitation i join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
    and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
    where i.authority_id = c.authority_id and i.contact_id = c.id and i.status = 'OPEN')
  order by ${HEARD_OF}, c.id limit $4`;

export const DAYS_OF_AUTHORITY = `select ${DAYS} as days`;

/** $2: days. */
export const SET_DAYS = `insert into directory_upkeep (authority_id, reverify_days) values ($1, $2)
  on conflict (authority_id) do update set reverify_days = excluded.reverify_days`;

/** Addresses that wait for a coordinator, the oldest first. */
export const ADDRESS_CHANGES = `select a.id, a.version, a.email, a.made_at as "madeAt", c.id as "contactId", c.name, c.email as "oldEmail", c.phone
  from address_change a join contact c on c.authority_id = a.authority_id and c.id = a.contact_id
  where a.authority_id = $1 and a.status = 'MADE' order by a.made_at, a.id limit 200`;

/** $2: the contact. */
export const OPEN_ADDRESS_CHANGE = `select id, email from address_change where authority_id = $1 and contact_id = $2 and status = 'MADE'`;
