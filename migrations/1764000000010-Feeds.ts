import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/** Calendar feeds that people subscribe to, and the calendars they publish, of which the busy times alone are kept. */
export class Feeds1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table feed (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        contact_id uuid,
        staff_id uuid,
        secret_hash bytea not null,
        made_at timestamptz not null,
        last_fetched_at timestamptz,
        -- how often it was read in the hour that began then
        hour_began_at timestamptz,
        fetches int not null default 0,
        revoked_at timestamptz,
        revoked_reason text,
        constraint feed_pk primary key (authority_id, id),
        constraint feed_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint feed_staff_fk foreign key (authority_id, staff_id) references staff (authority_id, id),
        constraint feed_of_one check (num_nonnulls(contact_id, staff_id) = 1),
        constraint feed_secret_unique unique (authority_id, secret_hash),
        constraint feed_revoked_reason_known check (revoked_reason in ('STOPPED','ROTATED','LEFT','ADDRESS_CHANGED','NOT_ME')),
        constraint feed_revoked_with_reason check ((revoked_at is null) = (revoked_reason is null))
      );
      create unique index feed_one_live_of_contact on feed (authority_id, contact_id) where revoked_at is null;
      create unique index feed_one_live_of_staff on feed (authority_id, staff_id) where revoked_at is null;
      create index feed_secret on feed (secret_hash);

      create table own_calendar (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        contact_id uuid not null,
        address_sealed bytea not null,
        given_by text not null,
        given_at timestamptz not null,
        next_read_at timestamptz not null,
        -- when the busy times were last known to be so
        fresh_at timestamptz,
        -- when the file was last read whole, and until when its times were worked out
        read_at timestamptz,
        covers_until timestamptz,
        failures int not null default 0,
        etag text,
        last_modified text,
        constraint own_calendar_pk primary key (authority_id, id),
        constraint own_calendar_one_of_contact unique (authority_id, contact_id),
        constraint own_calendar_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint own_calendar_given_by_known check (given_by in ('SELF','COORDINATOR')),
        constraint own_calendar_read_whole check ((fresh_at is null) = (covers_until is null) and (read_at is null) = (fresh_at is null))
      );
      create index own_calendar_due on own_calendar (next_read_at);

      create table busy_time (
        authority_id int not null,
        calendar_id uuid not null,
        contact_id uuid not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        kind text not null,
        constraint busy_time_pk primary key (authority_id, contact_id, starts_at, kind),
        constraint busy_time_calendar_fk foreign key (authority_id, calendar_id) references own_calendar (authority_id, id) on delete cascade,
        constraint busy_time_ends_after_start check (ends_at > starts_at),
        constraint busy_time_kind_known check (kind in ('BUSY','TENTATIVE'))
      );
      create index busy_time_of_calendar on busy_time (authority_id, calendar_id);
    `);
    await runner.query(tenantPolicies({ table: 'feed', grants: 'select, insert, update' }));
    await runner.query(tenantPolicies({ table: 'own_calendar', grants: 'select, insert, update, delete' }));
    await runner.query(tenantPolicies({ table: 'busy_time', grants: 'select, insert, delete' }));
    for (const table of ['own_calendar', 'busy_time']) await runner.query(seenByStaffAndOneself(table));
    await this.lookups(runner);
  }

  /**
   * What a calendar program may read by the secret of a feed, in one statement: it has no context of its own, so the
   * conditions of row-level security stand here, with who must not be told once more beside them. And which published
   * calendars are due to be read, over all authorities.
   */
  private async lookups(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant select on meeting, matter, standing, feed, own_calendar to quorate_guard;
      grant update (last_fetched_at, hour_began_at, fetches) on feed to quorate_guard;
      create function read_feed(p_hash bytea, p_now timestamptz, p_most int) returns table (within boolean, meetings jsonb)
      language sql security definer volatile set search_path = pg_catalog, public as $$
        with live as (
          update public.feed f set last_fetched_at = p_now,
            fetches = case when f.hour_began_at > p_now - interval '1 hour' then f.fetches + 1 else 1 end,
            hour_began_at = case when f.hour_began_at > p_now - interval '1 hour' then f.hour_began_at else p_now end
          where f.secret_hash = p_hash and f.revoked_at is null
            and coalesce(f.last_fetched_at, f.made_at) > p_now - interval '90 days'
            and (f.contact_id is null or exists (select 1 from public.contact c where c.authority_id = f.authority_id
              and c.id = f.contact_id and c.status not in ('LEFT','MERGED')))
            and (f.staff_id is null or exists (select 1 from public.staff s where s.authority_id = f.authority_id
              and s.id = f.staff_id and s.disabled_at is null))
          returning f.authority_id, f.contact_id, f.staff_id, f.fetches),
        holder as (
          select l.authority_id, l.staff_id, coalesce(l.contact_id, s.contact_id) as contact_id, l.fetches <= p_most as within
          from live l left join public.staff s on s.authority_id = l.authority_id and s.id = l.staff_id)
        select h.within, coalesce((
          select jsonb_agg(listed order by listed."startsAt", listed.uid) from (
            select t.ref as title, m.calendar_uid as uid, m.calendar_sequence as sequence, m.starts_at as "startsAt",
              m.ends_at as "endsAt", m.zone, coalesce(m.last_stamped_at, m.created_at) as "stampedAt",
              m.status = 'CANCELLED' as cancelled, m.status = 'PROPOSED' as hold, place.attends
            from public.meeting m
            join public.matter t on t.authority_id = m.authority_id and t.id = m.matter_id
            cross join lateral (
              select case when bool_or(i.answer = 'ACCEPTED') then 'YES' when count(i.id) > 0 then 'PERHAPS' else 'NO' end as attends,
                count(i.id) > 0 as asked
              from (values (1)) one left join public.invitation i on i.authority_id = m.authority_id and i.meeting_id = m.id
                and i.contact_id = h.contact_id and i.status in ('OPEN','CLOSED')
                and i.answer in ('NO_RESPONSE','ACCEPTED','TENTATIVE')) place
            where m.authority_id = h.authority_id and h.within
              and (m.id in (select i.meeting_id from public.invitation i where i.authority_id = h.authority_id and i.contact_id = h.contact_id)
                or h.staff_id in (m.organiser_staff_id, t.coordinator_id))
              and (place.asked or h.staff_id in (m.organiser_staff_id, t.coordinator_id))
              and (m.status in ('SCHEDULED','IN_PROGRESS','HELD','ADJOURNED_INQUORATE','CLOSED','CANCELLED')
                or m.status = 'PROPOSED' and m.last_stamped_at is not null)
              and case when m.status = 'CANCELLED' then coalesce(m.last_stamped_at, m.created_at) else m.ends_at end > p_now - interval '30 days'
              and exists (select 1 from public.matter_access a where a.authority_id = m.authority_id and a.matter_id = m.matter_id
                and a.person_id in (h.contact_id, h.staff_id) and (a.until is null or a.until > now()))
              and not exists (select 1 from public.standing n join public.contact c on c.authority_id = h.authority_id and c.id = h.contact_id
                where n.authority_id = m.authority_id and n.matter_id = m.matter_id and n.verdict = 'must_not_know'
                and (n.who in ('contact:' || c.id, c.address_key) or n.who in (select unnest(array[i.agency_key, i.post_key])
                  from public.invitation i where i.authority_id = m.authority_id and i.meeting_id = m.id and i.contact_id = c.id)))
            order by m.starts_at desc limit 500) listed), '[]'::jsonb)
        from holder h $$;
      create function own_calendars_due(p_now timestamptz, p_most int) returns table (authority_id int, id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select o.authority_id, o.id from public.own_calendar o where o.next_read_at <= p_now order by o.next_read_at limit p_most $$;
    `);
    for (const name of ['read_feed(bytea, timestamptz, int)', 'own_calendars_due(timestamptz, int)']) {
      await runner.query(
        `revoke all on function ${name} from public; grant execute on function ${name} to quorate_app; alter function ${name} owner to quorate_guard;`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function read_feed(bytea, timestamptz, int); drop function own_calendars_due(timestamptz, int);
      revoke select on meeting, matter, standing from quorate_guard;
      drop table busy_time, own_calendar, feed;
    `);
  }
}

/** When somebody is busy is for the council's staff and for that person: not for other contacts or partners' systems. */
function seenByStaffAndOneself(table: string): string {
  return `
    drop policy everyone on ${table};
    create policy staff_and_oneself on ${table} to quorate_app using (
      (select current_actor()) in ('00000000-0000-0000-0000-000000000000', contact_id)
      or exists (select 1 from staff s where s.authority_id = ${table}.authority_id and s.id = (select current_actor())));`;
}
