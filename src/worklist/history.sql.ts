/**
 * What the lines of a history are about, as people call it: "Leanne Firth, ALL-2026-0147-M1". Row-level security leaves a
 * line without a name where the reader may not know of the thing. $1 authority, $2 objects such as `meeting:<id>`.
 */
export const NAMES = `
with asked as (
  select o as object, split_part(o, ':', 1) as kind,
    case when split_part(o, ':', 2) ~ '^[0-9a-f-]{36}$' then split_part(o, ':', 2)::uuid end as id
  from unnest($2::text[]) o
)
select asked.object, coalesce(
  case when i.id is not null then concat_ws(', ', ic.name, im.ref) end, m.ref, t.ref, a.ref, c.name, g.name, p.title, s.name,
  case when x.id is not null then concat_ws(', ', mc.name, mm.ref) end
) as name
from asked
left join invitation i on asked.kind = 'invitation' and i.authority_id = $1 and i.id = asked.id
left join contact ic on ic.authority_id = $1 and ic.id = i.contact_id
left join meeting im on im.authority_id = $1 and im.id = i.meeting_id
left join meeting m on asked.kind in ('meeting', 'attendance') and m.authority_id = $1 and m.id = asked.id
left join matter t on asked.kind = 'matter' and t.authority_id = $1 and t.id = asked.id
left join action a on asked.kind = 'action' and a.authority_id = $1 and a.id = asked.id
left join contact c on asked.kind in ('contact', 'person') and c.authority_id = $1 and c.id = asked.id
left join agency g on asked.kind = 'agency' and g.authority_id = $1 and g.id = asked.id
left join post p on asked.kind = 'post' and p.authority_id = $1 and p.id = asked.id
left join message x on asked.kind = 'message' and x.authority_id = $1 and x.id = asked.id
left join contact mc on mc.authority_id = $1 and mc.id = x.contact_id
left join meeting mm on mm.authority_id = $1 and mm.id = x.meeting_id
left join staff s on asked.kind in ('staff', 'person') and s.authority_id = $1 and s.id = asked.id`;
