/**
 * The statements that fill one authority for measuring, in order, each over sets. They run in one transaction of the
 * tables' owner and read what to make from `loading`, a temporary table of one row. Everything is drawn from hashes of
 * its own number, so the same size gives the same rows. Shares (a fifth has not answered, a twentieth is cancelled) are
 * this product's guesses at an ordinary council.
 */
export interface LoadStep {
  /** The table that grows, or nothing for what the load keeps for itself. */
  readonly into: string | null;
  readonly sql: string;
}

/** How many agencies each authority has; people are dealt out to them in turn. */
export const AGENCIES = 40;

const ownFunctions = `
  create function pg_temp.chance(n bigint, salt bigint) returns float8 language sql immutable
    as $$ select (hashint8extended(n, salt) & 2147483647) / 2147483648.0::float8 $$;
  create function pg_temp.made_id(at timestamptz, what text) returns uuid language sql stable
    as $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
      || overlay(overlay(md5(what) placing '7' from 1) placing '8' from 5 for 13))::uuid $$;
  create function pg_temp.numbered(series text, n bigint) returns text language sql immutable
    as $$ select series || '-' || lpad(n::text, greatest(4, length(n::text)), '0') $$;`;

/** $1 authority, $2 contacts, $3 meetings, $4 now, $5 ids of staff, the first without a desk. */
export const LOADING = `create temporary table loading on commit drop as
  select $1::int as authority_id, $2::int as contacts, $3::int as meetings, $4::timestamptz as now, $5::uuid[] as staff,
    greatest(${AGENCIES}, ($2::int * 0.98)::int) / ${AGENCIES} as places`;

const directory: readonly LoadStep[] = [
  { into: null, sql: ownFunctions },
  {
    into: null,
    sql: `create temporary table body on commit drop as
      select g as n, pg_temp.made_id(l.now - interval '3 years', l.authority_id || '|agency|' || g) as id,
        case when g in (1, 3) then 'CHILDRENS_SOCIAL_CARE' when g = 2 then 'LADO_SERVICE' when g <= 5 then 'POLICE'
          when g <= 9 then 'HEALTH' when g <= 27 then 'EDUCATION' when g <= 29 then 'HR' when g = 30 then 'EARLY_HELP'
          when g <= 32 then 'FOSTERING' when g = 33 then 'PROBATION' when g = 34 then 'HOUSING' when g <= 37 then 'VOLUNTARY'
          when g = 38 then 'LEGAL' when g = 39 then 'OTHER_AUTHORITY' else 'REGULATOR' end as category
      from loading l, generate_series(1, ${AGENCIES}) g`,
  },
  {
    into: 'agency',
    sql: `insert into agency (authority_id, id, name, category, phone, email_domains, created_at)
      select l.authority_id, b.id, 'Loaded agency ' || lpad(b.n::text, 2, '0') || ', ' || initcap(replace(b.category, '_', ' ')),
        b.category, '01632 960 ' || lpad(b.n::text, 3, '0'),
        array['a' || b.n || '.load' || l.authority_id || '.example'], l.now - interval '3 years'
      from loading l, body b`,
  },
  {
    into: null,
    sql: `create temporary table person on commit drop as
      select x.n, (x.n - 1) % ${AGENCIES} + 1 as agency_n, b.id as agency_id, b.category,
        pg_temp.made_id(l.now - interval '3 years' + x.n * interval '1 second', l.authority_id || '|contact|' || x.n) as id,
        pg_temp.made_id(l.now - interval '3 years' + x.n * interval '1 second', l.authority_id || '|post|' || x.n) as post_id,
        'p' || x.n || '@a' || b.n || '.load' || l.authority_id || '.example' as address,
        (x.n - 1) / ${AGENCIES} >= l.places as gone
      from loading l, generate_series(1, l.contacts) x (n) join body b on b.n = (x.n - 1) % ${AGENCIES} + 1`,
  },
  { into: null, sql: 'create index on person (n); analyze person; analyze body' },
  {
    into: 'post',
    sql: `insert into post (authority_id, id, agency_id, title, can_decide, functions)
      select l.authority_id, p.post_id, p.agency_id,
        (array['Team manager', 'Detective Sergeant', 'Specialist nurse', 'Safeguarding lead', 'Social worker', 'Case worker',
          'Head of service'])[1 + p.n % 7] || ' ' || p.n, pg_temp.chance(p.n, 1) < 0.8,
        case when p.n % 5 = 0 then array['STRATEGY_ATTENDEE'] else '{}' end
      from loading l, person p`,
  },
  {
    into: 'contact',
    sql: `insert into contact (authority_id, id, name, email, address_key, phone, status, last_verified_at, created_at)
      select l.authority_id, p.id, ($1::text[])[1 + (p.n * 7) % array_length($1::text[], 1)] || ' '
          || ($2::text[])[1 + (p.n * 11 + p.n / 40) % array_length($2::text[], 1)], p.address, p.address,
        '01632 96' || lpad((p.n % 10000)::text, 4, '0'),
        case when p.gone then 'LEFT' when p.n % 100 = 99 then 'ON_LEAVE' else 'ACTIVE' end,
        l.now - interval '1 day' * (p.n % 200), l.now - interval '3 years'
      from loading l, person p`,
  },
  {
    into: 'holding',
    sql: `insert into holding (authority_id, id, contact_id, post_id, from_on, to_on, end_reason)
      select l.authority_id, pg_temp.made_id(l.now - interval '3 years', l.authority_id || '|holding|' || p.n), p.id, p.post_id,
        (l.now - interval '3 years')::date, case when p.gone then (l.now - interval '90 days')::date end,
        case when p.gone then 'LEFT' end
      from loading l, person p
      union all
      select l.authority_id, pg_temp.made_id(l.now - interval '4 years', l.authority_id || '|before|' || p.n), p.id, o.post_id,
        (l.now - interval '4 years')::date, (l.now - interval '3 years')::date, 'MOVED'
      from loading l, person p join person o on o.n = p.n + 1 where p.n % 20 = 0`,
  },
];

const matters: readonly LoadStep[] = [
  {
    into: null,
    sql: `create temporary table working_day on commit drop as
      select (row_number() over (order by d) - 1)::int as i, d::date as day
      from loading l, generate_series((l.now - interval '730 days')::date, (l.now + interval '60 days')::date, interval '1 day') d
      where extract(isodow from d) < 6`,
  },
  {
    into: null,
    sql: `create temporary table gathering on commit drop as
      with placed as (
        select m, (m + 1) / 2 as k, floor(pg_temp.chance((m + 1) / 2, 2) * d.days)::int as first, d.days
        from loading l, generate_series(1, l.meetings) m, (select count(*)::int as days from working_day) d
      ), dated as (
        select m, k, w.day from placed join working_day w on w.i =
          case when m % 2 = 1 then first when first + 20 < days then first + 20 else greatest(0, first - 20) end
      ), ranked as (
        select m, k, day, (row_number() over (partition by day order by pg_temp.chance(m, 3), m) - 1)::int as r from dated
      ), chosen as (
        select r.*, least(l.places, greatest(12, l.meetings / 1400)) as chairs, l.now, l.authority_id,
          case when pg_temp.chance(k, 4) < 0.3 then 'ALLEGATION' when pg_temp.chance(k, 4) < 0.92 then 'CHILD_PROTECTION'
            else 'COMPLEX' end as kind
        from ranked r, loading l
      ), timed as (
        select c.*, r % chairs as chair, (r / chairs) >= 5 as crowded, day + time '09:00' + (r / chairs % 5) * interval '90 minutes' as wall
        from chosen c
      )
      select m, k, kind, authority_id, now, crowded, wall, 1 + ${AGENCIES} * chair as chair_n,
        case when kind = 'ALLEGATION' then case when m % 2 = 1 then 'ALLEGATION_MEETING' else 'ALLEGATION_REVIEW' end
          when m % 2 = 1 then 'STRATEGY_MEETING' else 'REVIEW_STRATEGY' end as type_code,
        wall at time zone 'Europe/London' as starts_at,
        least(now - interval '1 hour', wall at time zone 'Europe/London' - interval '1 hour' * (24 + floor(pg_temp.chance(m, 5) * 200))) as created_at,
        pg_temp.chance(m, 6) as luck
      from timed`,
  },
  {
    into: null,
    sql: `alter table gathering add id uuid, add ends_at timestamptz, add status text, add matter_id uuid, add ref text;
      create temporary table affair on commit drop as
        select k, kind, authority_id, min(created_at) - interval '2 days' as created_at, max(starts_at) as last_at, min(now) as now,
          null::uuid as id, null::text as ref from gathering group by k, kind, authority_id;
      update affair a set id = pg_temp.made_id(a.created_at, a.authority_id || '|matter|' || a.k), ref = s.ref from (
        select k, pg_temp.numbered(series, row_number() over (partition by series order by created_at, k)) as ref from (
          select k, created_at, case kind when 'ALLEGATION' then 'ALL' when 'COMPLEX' then 'CX' else 'CP' end || '-'
            || to_char(created_at at time zone 'Europe/London', 'YYYY') as series from affair) y) s
        where s.k = a.k;
      create index on affair (k);
      update gathering g set matter_id = a.id, id = pg_temp.made_id(g.created_at, g.authority_id || '|meeting|' || g.m),
        ref = a.ref || '-M' || (case when g.m % 2 = 1 then 1 else 2 end),
        ends_at = g.starts_at + t.duration_minutes * interval '1 minute',
        status = case when g.luck < 0.05 then 'CANCELLED' when g.starts_at > g.now then case when g.luck < 0.07 then 'DRAFT' else 'SCHEDULED' end
          when g.luck < 0.06 then 'ADJOURNED_INQUORATE' when g.luck < 0.12 then 'HELD' else 'CLOSED' end
        from affair a, meeting_type t where a.k = g.k and t.authority_id = g.authority_id and t.code = g.type_code;
      create index on gathering (m); create index on gathering (k); analyze gathering; analyze affair`,
  },
  {
    into: null,
    sql: `create temporary table seat on commit drop as
      select a.k, s, case s when 1 then 4 + a.k % 2 when 2 then 6 + a.k % 4 when 3 then 10 + a.k % 18 when 4 then 3
          when 10 then 10 + (a.k + 1) % 18 else 28 + (a.k + (s - 5) * 2) % 13 end
        + ${AGENCIES} * floor(power(pg_temp.chance(a.k * 16 + s, 7), 1.7) * l.places)::int as n
      from loading l, affair a, generate_series(1, 10) s`,
  },
  {
    into: null,
    sql: `create temporary table told on commit drop as
      select distinct k, n from (select k, n from seat where s < 10 union all select k, chair_n from gathering) t;
      create temporary table told_agency on commit drop as select distinct t.k, p.agency_id from told t join person p on p.n = t.n;
      create index on seat (k); analyze seat; analyze told; analyze told_agency`,
  },
  {
    into: 'matter',
    sql: `insert into matter (authority_id, id, matter_id, ref, kind, neutral_title, sensitivity, status, coordinator_id, facts, created_at, closed_at)
      select a.authority_id, a.id, a.id, a.ref, a.kind, 'Loaded matter ' || a.k,
        case when pg_temp.chance(k, 8) < 0.9 then 'STANDARD' else 'RESTRICTED' end, case when o.over then 'CLOSED' else 'OPEN' end,
        l.staff[case a.kind when 'ALLEGATION' then 2 + a.k % 3 when 'COMPLEX' then 1 else 5 + a.k % 3 end],
        case when a.kind = 'CHILD_PROTECTION' and a.k % 2 = 0 then array['S47', 'SCHOOL_AGE'] else '{}' end,
        a.created_at, case when o.over then a.last_at + interval '60 days' end
      from loading l, affair a cross join lateral (select a.last_at < a.now - interval '120 days' as over) o`,
  },
  {
    into: 'standing',
    sql: `insert into standing (authority_id, matter_id, who, verdict)
      select a.authority_id, a.id, w.who, w.verdict from affair a join (
        select t.k, key as who, 'may_know' as verdict from told t join person p on p.n = t.n
          cross join lateral unnest(array['contact:' || p.id, 'post:' || p.post_id, p.address]) key
        union all select k, 'agency:' || agency_id, 'may_know' from told_agency
        union all select s.k, key, 'must_not_know' from seat s join person p on p.n = s.n
          cross join lateral unnest(array['contact:' || p.id, p.address]) key where s.s = 10 and s.k % 10 = 0) w on w.k = a.k
      order by a.id, w.who`,
  },
  {
    into: 'exclusion',
    sql: `insert into exclusion (authority_id, id, matter_id, contact_id, reason, keys, added_by, added_at)
      select a.authority_id, pg_temp.made_id(a.created_at, a.authority_id || '|exclusion|' || a.k), a.id, p.id, 'IS_SUBJECT',
        array['contact:' || p.id, p.address], l.staff[1], a.created_at
      from loading l, affair a join seat s on s.k = a.k and s.s = 10 join person p on p.n = s.n where a.k % 10 = 0`,
  },
  {
    into: 'matter_access',
    sql: `insert into matter_access (authority_id, matter_id, person_id, given_by, given_at)
      select a.authority_id, a.id, w.who, l.staff[1], a.created_at from loading l, affair a join (
        select k, l.staff[i] as who from loading l, affair a, generate_series(1, 7) i
          where i = 1 or i <= 4 and a.kind <> 'CHILD_PROTECTION' or i > 4 and a.kind <> 'ALLEGATION'
        union all select t.k, p.id from told t join person p on p.n = t.n
        union all select k, agency_id from told_agency) w on w.k = a.k
      order by a.id, w.who`,
  },
];

const meetings: readonly LoadStep[] = [
  {
    into: 'meeting',
    sql: `insert into meeting (authority_id, id, ref, matter_id, type_code, urgency, status, starts_at, ends_at, zone, wall_start, wall_end,
        mode, place, chair_contact_id, minute_taker_contact_id, quorum_rule_id, quorum_rule_version, calendar_uid, calendar_sequence,
        last_stamped_at, override_reason, cancel_reason, organiser_staff_id, created_at)
      select g.authority_id, g.id, g.ref, g.matter_id, g.type_code, case when g.m % 12 = 0 then 'URGENT' else 'ROUTINE' end, g.status,
        g.starts_at, g.ends_at, 'Europe/London', to_char(g.wall, 'YYYY-MM-DD"T"HH24:MI'),
        to_char(g.ends_at at time zone 'Europe/London', 'YYYY-MM-DD"T"HH24:MI'),
        (array['VIDEO', 'IN_PERSON', 'HYBRID', 'VIDEO', 'PHONE'])[1 + g.m % 5], case when g.m % 5 in (1, 2) then 'Civic Hall, room ' || g.m % 20 else 'By video' end,
        c.id, case when g.m % 10 < 7 then n.id end, r.id, r.rule_version, g.id || '@load.example', case when g.status = 'CANCELLED' then 1 else 0 end,
        g.created_at, case when g.crowded then 'No other time was free' end, case when g.status = 'CANCELLED' then 'No longer needed' end,
        l.staff[case g.kind when 'ALLEGATION' then 2 + g.k % 3 when 'COMPLEX' then 1 else 5 + g.k % 3 end], g.created_at
      from loading l, gathering g join person c on c.n = g.chair_n join seat s on s.k = g.k and s.s = 4 join person n on n.n = s.n
        join lateral (select q.id, q.rule_version from quorum_rule q where q.authority_id = g.authority_id and q.effective_from is not null
          and q.id = case when g.kind = 'ALLEGATION' then 'quorum.allegation' else 'quorum.strategy' end order by q.rule_version limit 1) r on true`,
  },
  {
    into: null,
    sql: `create temporary table asked on commit drop as
      select g.m, g.k, g.id as meeting_id, g.matter_id, g.authority_id, g.status as meeting_status, g.starts_at, g.now, g.created_at, g.luck,
        i.s, i.n, p.id as contact_id, p.post_id, p.agency_id, p.address, p.category,
        pg_temp.made_id(g.created_at, g.authority_id || '|invitation|' || g.m || '|' || i.s) as id,
        pg_temp.chance(g.m * 16 + i.s, 9) as mood, pg_temp.chance(g.m * 16 + i.s, 10) as pace, i.s > 0 and pg_temp.chance(g.m * 16 + i.s, 11) < 0.02 as dropped
      from gathering g cross join lateral (
        select 0 as s, g.chair_n as n union all
        select s, n from seat where seat.k = g.k and (s <= 4 or (s < 10 and (s - 5 + g.m) % 5 < 3))) i
      join person p on p.n = i.n;
      alter table asked add answer text, add answered_at timestamptz;
      update asked set answer = case when meeting_status = 'DRAFT' then 'NO_RESPONSE' when mood < 0.62 then 'ACCEPTED' when mood < 0.70 then 'TENTATIVE'
          when mood < 0.80 then 'DECLINED' when mood < 0.84 then 'REPORT_ONLY' else 'NO_RESPONSE' end,
        answered_at = created_at + (least(now, starts_at) - created_at) * (0.05 + 0.9 * pace);
      create index on asked (m); analyze asked`,
  },
  {
    into: 'invitation',
    sql: `insert into invitation (authority_id, id, meeting_id, matter_id, contact_id, post_id, agency_id, contact_key, post_key, agency_key,
        address_key, verdict, role, required, status, can_decide, direct_involvement, sent_sequence, answer, answered_revision, answered_at,
        reply_hash, reply_sealed, created_at)
      select a.authority_id, a.id, a.meeting_id, a.matter_id, a.contact_id, a.post_id, a.agency_id, 'contact:' || a.contact_id, 'post:' || a.post_id,
        'agency:' || a.agency_id, a.address, case when v.status in ('DRAFT', 'OPEN') then 'may_know' end,
        case when a.s = 0 then 'CHAIR' when a.s = 4 and a.m % 10 < 7 then 'MINUTE_TAKER' else 'ATTENDEE' end,
        case when a.s in (0, 1, 2, 4) then 'BY_QUORUM' when a.s = 3 then 'BY_COORDINATOR' else 'NO' end, v.status, pg_temp.chance(a.n, 1) < 0.8,
        a.s in (3, 4), case when v.status <> 'DRAFT' then 0 end, a.answer, case when a.answer <> 'NO_RESPONSE' then 1 end,
        case when a.answer <> 'NO_RESPONSE' then a.answered_at end, sha256(convert_to('reply|' || a.id, 'UTF8')),
        sha256(convert_to('sealed|' || a.id, 'UTF8')) || sha256(convert_to(a.id::text, 'UTF8')), a.created_at
      from asked a cross join lateral (select case when a.meeting_status = 'DRAFT' then 'DRAFT' when a.dropped then 'WITHDRAWN'
        when a.meeting_status = 'SCHEDULED' then 'OPEN' else 'CLOSED' end as status) v`,
  },
  {
    into: 'response',
    sql: `insert into response (authority_id, id, invitation_id, meeting_id, matter_id, revision, kind, reason, channel, recorded_by, at, stated_at)
      select a.authority_id, pg_temp.made_id(t.at, a.authority_id || '|response|' || a.m || '|' || a.s || '|' || t.turn), a.id, a.meeting_id, a.matter_id, 1, t.kind,
        case when t.kind = 'DECLINED' then (array['CLASH', 'LEAVE', 'SHIFT_OR_COURT', 'NO_CAPACITY'])[1 + a.n % 4] end,
        case when a.pace < 0.7 then 'LINK' when a.pace < 0.9 then 'CALENDAR_REPLY' else 'PHONE' end, 'contact:' || a.contact_id, t.at, t.at
      from asked a cross join lateral (
        select 2 as turn, a.answer as kind, a.answered_at as at
        union all select 1, 'TENTATIVE', a.answered_at - (a.answered_at - a.created_at) * 0.5 where a.luck > 0.9 and a.answer <> 'TENTATIVE') t
      where a.answer <> 'NO_RESPONSE'`,
  },
  {
    into: 'attendance',
    sql: `insert into attendance (authority_id, id, meeting_id, matter_id, contact_id, agency_id, category, status, mode, can_decide, recorded_by, recorded_at)
      select a.authority_id, pg_temp.made_id(a.starts_at + interval '2 hours', a.authority_id || '|attendance|' || a.m || '|' || a.s), a.meeting_id, a.matter_id,
        a.contact_id, a.agency_id, a.category, v.status, case when v.status = 'ATTENDED' then 'VIDEO' end, pg_temp.chance(a.n, 1) < 0.8, l.staff[1],
        a.starts_at + interval '2 hours'
      from loading l, asked a cross join lateral (select case when a.answer = 'ACCEPTED' then case when a.pace < 0.93 then 'ATTENDED' else 'DNA' end
        when a.answer = 'REPORT_ONLY' then 'APOLOGIES_WITH_REPORT' when a.answer = 'DECLINED' then 'APOLOGIES'
        when a.pace < 0.5 then 'ATTENDED' else 'DNA' end as status) v
      where a.meeting_status in ('HELD', 'CLOSED', 'ADJOURNED_INQUORATE') and not a.dropped`,
  },
];

const actions: readonly LoadStep[] = [
  {
    into: null,
    sql: `create temporary table task on commit drop as
      select a.*, (a.starts_at at time zone 'Europe/London')::date + 7 + floor(pg_temp.chance(a.m * 16 + a.s, 12) * 35)::int as due_on,
        pg_temp.chance(a.m * 16 + a.s, 13) as fate, a.starts_at + interval '3 hours' as agreed_at
      from (select a.*, row_number() over (partition by m order by pg_temp.chance(m * 16 + s, 14)) as j from asked a
        where meeting_status in ('HELD', 'CLOSED') and not dropped) a
      where j <= 2 + a.m % 3;
      alter table task add ref text, add state text;
      update task t set ref = r.ref, state = case
          when t.due_on >= t.now::date then case when fate < 0.3 then 'ASSIGNED' when fate < 0.8 then 'ACCEPTED' when fate < 0.95 then 'IN_PROGRESS' else 'QUERIED' end
          when fate < 0.53 then 'DONE' when fate < 0.8 then 'VERIFIED' when fate < 0.84 then 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED' when fate < 0.88 then 'NOT_DONE'
          when fate < 0.885 then 'ORPHANED' when fate < 0.9 then 'CANCELLED' when fate < 0.96 then 'ACCEPTED' else 'ASSIGNED' end
        from (select m, s, pg_temp.numbered(series, row_number() over (partition by series order by agreed_at, m, s)) as ref
          from (select *, 'ACT-' || to_char(agreed_at at time zone 'Europe/London', 'YYYY') as series from task) y) r
        where r.m = t.m and r.s = t.s`,
  },
  {
    into: 'action',
    sql: `insert into action (authority_id, id, ref, meeting_id, matter_id, text, owner_contact_id, owner_post_id, owner_agency_id, contact_key,
        address_key, agency_key, verdict, owner_attended, due_on, priority, status, reason, done_note, settled_at, created_at)
      select t.authority_id, pg_temp.made_id(t.agreed_at, t.authority_id || '|action|' || t.m || '|' || t.s), t.ref, t.meeting_id, t.matter_id,
        'Send the record of what the agency holds, part ' || t.j, t.contact_id, t.post_id, t.agency_id, 'contact:' || t.contact_id, t.address,
        'agency:' || t.agency_id, case when t.state in ('ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS') then 'may_know' end, t.answer = 'ACCEPTED', t.due_on,
        case when t.m % 9 = 0 then 'HIGH' else 'NORMAL' end, t.state,
        case when t.state in ('NOT_POSSIBLE_CIRCUMSTANCES_CHANGED', 'NOT_DONE', 'QUERIED', 'CANCELLED') then 'Said so by telephone' end,
        case when t.state in ('DONE', 'VERIFIED') then 'Sent' end,
        case when t.state in ('DONE', 'VERIFIED', 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED', 'NOT_DONE', 'CANCELLED')
          then least(t.now, t.due_on + time '12:00') end, t.agreed_at
      from task t`,
  },
  {
    into: 'counter',
    sql: `insert into counter (authority_id, name, value)
      select authority_id, regexp_replace(ref, '-[0-9]+$', ''), max(substring(ref from '[0-9]+$')::int)
      from (select authority_id, ref from affair union all select authority_id, ref from task) r group by 1, 2`,
  },
];

/** What happened, chained as the service chains it, by the role that owns the chain. */
const history: readonly LoadStep[] = [
  {
    into: null,
    sql: `create temporary table tale on commit drop as
      select row_number() over (order by at, what, object) as seq, t.* from (
        select authority_id, created_at as at, 'matter.opened' as what, 'matter:' || id as object, id as matter_id, null::uuid as agency_id,
          jsonb_build_object('ref', ref, 'kind', kind) as details from affair
        union all select authority_id, created_at, 'meeting.scheduled', 'meeting:' || id, matter_id, null,
          jsonb_build_object('startsAt', starts_at, 'endsAt', ends_at, 'revision', 1, 'calendarSequence', 0) from gathering where status <> 'DRAFT'
        union all select authority_id, answered_at, 'invitation.answered', 'invitation:' || id, matter_id, null,
          jsonb_build_object('meetingId', meeting_id, 'contactId', contact_id, 'agencyId', agency_id, 'kind', answer, 'revision', 1) from asked where answer <> 'NO_RESPONSE'
        union all select authority_id, agreed_at, 'action.agreed', 'action:' || ref, matter_id, agency_id,
          jsonb_build_object('ref', ref, 'dueOn', due_on) from task) t;
      create index on tale (seq); analyze tale;
      grant select on tale, loading to quorate_guard;
      create function pg_temp.chain() returns bigint language plpgsql as $$
      declare
        one record; v_salt bytea; v_digest bytea; v_hash bytea; v_prev bytea; v_seq bigint; v_authority int; v_actor text := current_setting('app.actor');
        v_of bytea; v_by bytea;
      begin
        select authority_id into v_authority from loading;
        select seq, hash into v_seq, v_prev from event_head where authority_id = v_authority;
        v_of := sha256(convert_to(v_authority::text, 'UTF8'));
        v_by := sha256(convert_to(v_actor, 'UTF8'));
        for one in select * from tale order by seq loop
          v_seq := v_seq + 1;
          v_salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
          v_digest := sha256(v_salt || convert_to(one.details::text, 'UTF8'));
          v_hash := sha256(v_prev || v_of || int8send(v_seq) || int8send((extract(epoch from one.at) * 1000000)::bigint) || v_by
            || sha256(convert_to(one.what, 'UTF8')) || sha256(convert_to(one.object, 'UTF8')) || v_digest);
          insert into event (authority_id, seq, at, actor, action, object, matter_id, agency_id, salt, details, details_digest, prev, hash)
            values (v_authority, v_seq, one.at, v_actor, one.what, one.object, one.matter_id, one.agency_id, v_salt, one.details, v_digest, v_prev, v_hash);
          v_prev := v_hash;
        end loop;
        update event_head set seq = v_seq, hash = v_prev where authority_id = v_authority;
        return v_seq;
      end $$;
      set local role quorate_guard`,
  },
  { into: 'event', sql: 'select pg_temp.chain() as grown' },
  { into: null, sql: 'set local role quorate_owner' },
];

export const LOAD_STEPS: readonly LoadStep[] = [...directory, ...matters, ...meetings, ...actions, ...history];

/** What is cleaned and analysed once everything is there, so that measuring does not race with it. */
export const LOADED_TABLES =
  'authority, staff, agency, post, contact, holding, matter, standing, exclusion, matter_access, meeting, invitation, response, attendance, action, event, event_head, counter';
