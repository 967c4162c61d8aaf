/** What is read of places that were passed on; `$1` is the authority in each. */

const PLACE = `select r.id, r.meeting_id as "meetingId", r.asked_as as "askedAs", (select coalesce(json_agg(json_build_object('name',
      coalesce(sc.name, sb.address), 'why', s->>'why')), '[]') from jsonb_array_elements(r.skipped) s
      left join contact sc on sc.authority_id = r.authority_id and sc.id = (s->>'id')::uuid
      left join inbox sb on sb.authority_id = r.authority_id and sb.id = (s->>'id')::uuid) as skipped, r.at, a.category, a.name as "agencyName",
    gone.name as "goneName", coalesce(c.name, b.address) as name, coalesce(i.answer, 'NO_RESPONSE') as answer,
    i.status as "toStatus", h.signal, m.ref, m.starts_at as "startsAt"
  from re_routing r
  join handover h on h.authority_id = r.authority_id and h.id = r.handover_id
  join meeting m on m.authority_id = r.authority_id and m.id = r.meeting_id
  join invitation o on o.authority_id = r.authority_id and o.id = r.invitation_id
  join agency a on a.authority_id = o.authority_id and a.id = o.agency_id
  join contact gone on gone.authority_id = o.authority_id and gone.id = o.contact_id
  left join invitation i on i.authority_id = r.authority_id and i.id = r.to_invitation_id
  left join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  left join inbox b on b.authority_id = r.authority_id and b.id = r.inbox_id
  where r.authority_id = $1 and r.undone_at is null`;

/** $2: the meeting. */
export const OF_MEETING = `${PLACE} and r.meeting_id = $2 order by r.at, r.id`;

/** Places in meetings to come that wait for whoever was asked instead. $2: now. */
export const AWAITING = `${PLACE} and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
  and (i.status = 'OPEN' and i.answer = 'NO_RESPONSE' or r.asked_as = 'INBOX' and not exists (
    select 1 from invitation n where n.authority_id = r.authority_id and n.meeting_id = r.meeting_id
    and n.agency_id = o.agency_id and n.status = 'OPEN')) order by m.starts_at, r.id limit 100`;

/** $2: the handover; $3: now. What it passed on for meetings still to come. */
export const OF_HANDOVER = `select r.id, r.invitation_id as "invitationId", r.to_invitation_id as "toInvitationId",
    r.meeting_id as "meetingId" from re_routing r
  join meeting m on m.authority_id = r.authority_id and m.id = r.meeting_id and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $3
  where r.authority_id = $1 and r.handover_id = $2 and r.undone_at is null order by r.meeting_id, r.id`;

/** $2: the meeting. Contacts who hold a place there. */
export const HELD_BY = `select contact_id as id from invitation where authority_id = $1 and meeting_id = $2 and status in ('DRAFT', 'OPEN')`;

/** $2: the matter; $3: keys. Inboxes that were asked about it and stand behind one of the keys, or are read by one. */
export const INBOXES_BEHIND = `select distinct r.inbox_id as "inboxId", r.meeting_id as "meetingId" from re_routing r
  join inbox i on i.authority_id = r.authority_id and i.id = r.inbox_id
  where r.authority_id = $1 and r.matter_id = $2 and (i.address_key = any ($3::text[]) or 'agency:' || i.agency_id = any ($3::text[])
    or exists (select 1 from inbox_reader d where d.authority_id = i.authority_id and d.inbox_id = i.id
      and 'contact:' || d.contact_id = any ($3::text[]))
    or exists (select 1 from post p join holding h on h.authority_id = p.authority_id and h.post_id = p.id and h.to_on is null
      where p.authority_id = i.authority_id and p.team_id = i.team_id and 'contact:' || h.contact_id = any ($3::text[])))`;
