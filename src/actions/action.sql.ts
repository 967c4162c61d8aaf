/** The statements behind the lists of actions; each is constant and filters by the authority, `$1`. */

const OPEN_STATUSES = `('PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS', 'ORPHANED')`;
const LIVE_STATUSES = `('PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS')`;

const LISTED = `select a.id, a.version, a.ref, a.text, a.status, a.due_on::text as "dueOn", a.priority, a.reason,
    a.done_note as "doneNote", a.settled_at as "settledAt", a.created_at as "createdAt", a.meeting_id as "meetingId",
    m.starts_at as "meetingStartsAt", a.matter_id as "matterId", t.ref as "matterRef",
    a.owner_contact_id as "ownerContactId", c.name as "ownerName", p.title as "postTitle", g.id as "agencyId",
    g.name as "agencyName", a.owner_attended as "ownerAttended"
  from action a
  join meeting m on m.authority_id = a.authority_id and m.id = a.meeting_id
  join matter t on t.authority_id = a.authority_id and t.id = a.matter_id
  join contact c on c.authority_id = a.authority_id and c.id = a.owner_contact_id
  join agency g on g.authority_id = a.authority_id and g.id = a.owner_agency_id
  left join post p on p.authority_id = a.authority_id and p.id = a.owner_post_id
  where a.authority_id = $1`;

const FILTERED = `and ($2::date is null or a.due_on < $2) and ($3::uuid is null or a.owner_agency_id = $3)
    and ($4::uuid is null or m.organiser_staff_id = $4 or t.coordinator_id = $4
      or a.owner_contact_id = (select s.contact_id from staff s where s.authority_id = $1 and s.id = $4))`;

/** $2: due before, $3: the agency, $4: the member of staff whose they are, each or null; $5: after so many. */
export const OPEN_ACTIONS = `${LISTED} and a.status in ${OPEN_STATUSES} ${FILTERED} order by a.due_on, a.id limit 51 offset $5`;

/** The same, those that are over too, the latest due first. */
export const ALL_ACTIONS = `${LISTED} ${FILTERED} order by a.due_on desc, a.id desc limit 51 offset $5`;

/** $2: the action. */
export const ONE_ACTION = `${LISTED} and a.id = $2`;

/** $2: the meeting. */
export const OF_MEETING = `${LISTED} and a.meeting_id = $2 order by a.created_at, a.id`;

/** $2: the matter. */
export const OF_MATTER = `${LISTED} and a.matter_id = $2 order by a.due_on, a.id limit 200`;

/** $2: the owner; $3: settled ones are shown from then on. */
export const OF_OWNER = `${LISTED} and a.owner_contact_id = $2 and (a.status in ${LIVE_STATUSES} or a.settled_at >= $3)
  order by a.settled_at nulls first, a.due_on, a.id limit 100`;

/** Agencies that own an open action this person may see. */
export const AGENCIES = `select g.id, g.name from agency g where g.authority_id = $1 and exists (select 1 from action a
    where a.authority_id = g.authority_id and a.owner_agency_id = g.id and a.status in ${OPEN_STATUSES}) order by g.name`;

/** $2: the meeting. Everybody who was asked or came, those who came first. */
export const PEOPLE = `select c.id as "contactId", c.name, g.name as "agencyName", p.title as "postTitle", x.came as attended
  from (select contact_id, bool_or(came) as came from (
      select i.contact_id, false as came from invitation i
        where i.authority_id = $1 and i.meeting_id = $2 and i.status in ('OPEN', 'CLOSED')
      union all
      select e.contact_id, e.status in ('ATTENDED', 'ATTENDED_PART', 'SUBSTITUTE_ATTENDED', 'NOT_INVITED_BUT_ATTENDED', 'EXCLUDED_FOR_ITEM')
        from attendance e where e.authority_id = $1 and e.meeting_id = $2 and e.status <> 'NOT_RECORDED' and not exists (
          select 1 from attendance n where n.authority_id = e.authority_id and n.supersedes_id = e.id)) y group by contact_id) x
  join contact c on c.authority_id = $1 and c.id = x.contact_id and c.status not in ('LEFT', 'MERGED')
  left join lateral (select i.post_id, i.agency_id from invitation i where i.authority_id = $1 and i.meeting_id = $2
      and i.contact_id = x.contact_id order by i.created_at desc limit 1) i on true
  left join lateral (select e.agency_id from attendance e where e.authority_id = $1 and e.meeting_id = $2
      and e.contact_id = x.contact_id order by e.recorded_at desc limit 1) e on true
  left join post p on p.authority_id = $1 and p.id = i.post_id
  left join agency g on g.authority_id = $1 and g.id = coalesce(i.agency_id, e.agency_id)
  order by x.came desc, c.name, c.id`;

/** $2: the matter; $3: keys of who may know. Live actions behind which one of them stands. */
export const LIVE_BEHIND = `select id from action where authority_id = $1 and matter_id = $2 and verdict is not null
  and (contact_key = any ($3) or agency_key = any ($3) or address_key = any ($3)) order by id`;

/** $2: the contact. Their live actions, in every matter. */
export const LIVE_OF_CONTACT = `select id from action where authority_id = $1 and owner_contact_id = $2 and verdict is not null order by id`;

/** $2: the matter. References of what is still open. */
export const OPEN_OF_MATTER = `select ref from action where authority_id = $1 and matter_id = $2 and status in ${OPEN_STATUSES} order by ref`;

/** $2: the contact. Kept from leaving or moving until the transaction ends. */
export const HOLD_CONTACT = `select id from contact where authority_id = $1 and id = $2 for share`;

/** $2: the stream. Whether a message of it has left, or may have. */
export const HAS_LEFT = `select id from message where authority_id = $1 and stream = $2
  and state in ('SENDING', 'SENT', 'IN_DOUBT') limit 1`;
