import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/** Authorities, staff, who may know of a matter, the event chain, outgoing messages, sign-in sessions and limits. */
export class Foundations1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function current_authority() returns int language sql stable parallel safe
        as $$ select nullif(current_setting('app.authority_id', true), '')::int $$;
      create function current_actor() returns uuid language sql stable parallel safe
        as $$ select nullif(current_setting('app.actor_id', true), '')::uuid $$;

      create table authority (
        id int not null,
        name text not null,
        short_name text not null,
        jurisdiction text not null default 'ENGLAND',
        zone text not null default 'Europe/London',
        phone text not null,
        reference_prefix text not null default 'QRT',
        demonstration boolean not null default false,
        created_at timestamptz not null,
        constraint authority_pk primary key (id),
        constraint authority_jurisdiction_known check (jurisdiction in ('ENGLAND','WALES','SCOTLAND','NORTHERN_IRELAND'))
      );
      grant select on authority to quorate_app, quorate_mail, quorate_guard;

      create table closure (
        authority_id int not null,
        closed_on date not null,
        reason text not null,
        constraint closure_pk primary key (authority_id, closed_on),
        constraint closure_authority_fk foreign key (authority_id) references authority (id)
      );

      create table counter (
        authority_id int not null,
        name text not null,
        value int not null,
        constraint counter_pk primary key (authority_id, name),
        constraint counter_authority_fk foreign key (authority_id) references authority (id)
      );

      create table staff (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        name text not null,
        email text not null,
        roles text[] not null,
        desk text,
        contact_id uuid,
        disabled_at timestamptz,
        created_at timestamptz not null,
        constraint staff_pk primary key (authority_id, id),
        constraint staff_email_unique unique (authority_id, email),
        constraint staff_authority_fk foreign key (authority_id) references authority (id),
        constraint staff_desk_known check (desk is null or desk in ('LADO','CHILD_PROTECTION'))
      );
      create index staff_email on staff (lower(email));

      create table matter_access (
        authority_id int not null,
        matter_id uuid not null,
        person_id uuid not null,
        given_by uuid not null,
        given_at timestamptz not null default now(),
        until timestamptz,
        constraint matter_access_pk primary key (authority_id, matter_id, person_id),
        constraint matter_access_authority_fk foreign key (authority_id) references authority (id)
      );
      create index matter_access_person on matter_access (authority_id, person_id, matter_id);

      create table event_head (
        authority_id int not null,
        seq bigint not null,
        hash bytea not null,
        constraint event_head_pk primary key (authority_id),
        constraint event_head_authority_fk foreign key (authority_id) references authority (id)
      );

      create table event (
        authority_id int not null,
        seq bigint not null,
        at timestamptz not null,
        actor text not null,
        action text not null,
        object text not null,
        matter_id uuid,
        agency_id uuid,
        salt bytea,
        details jsonb,
        details_digest bytea not null,
        prev bytea not null,
        hash bytea not null,
        constraint event_pk primary key (authority_id, seq),
        constraint event_authority_fk foreign key (authority_id) references authority (id)
      );
      create index event_object on event (authority_id, object, seq);
      create index event_matter on event (authority_id, matter_id, seq) where matter_id is not null;
      create index event_substitute_asked on event (authority_id, seq) where action = 'invitation.substitute-asked';
      create index event_agency on event (authority_id, agency_id, seq) where agency_id is not null;

      create sequence message_ordinal;
      create table message (
        authority_id int not null,
        id uuid not null,
        ordinal bigint not null default nextval('message_ordinal'),
        stream text not null,
        dedupe_key text not null,
        purpose text not null,
        matter_id uuid,
        meeting_id uuid,
        contact_id uuid,
        to_address text not null,
        envelope_from text not null,
        subject text not null,
        message_id text not null,
        sealed_bytes bytea,
        sha256 text not null,
        state text not null default 'PENDING',
        reason text,
        attempts int not null default 0,
        not_before timestamptz not null,
        not_after timestamptz,
        locked_by text,
        lease_until timestamptz,
        created_at timestamptz not null,
        sent_at timestamptz,
        constraint message_pk primary key (authority_id, id),
        constraint message_dedupe_unique unique (authority_id, dedupe_key),
        constraint message_authority_fk foreign key (authority_id) references authority (id),
        constraint message_state_known check (state in ('PENDING','SENDING','SENT','IN_DOUBT','DEAD')),
        constraint message_dead_has_reason check (state <> 'DEAD' or reason is not null)
      );
      create index message_waiting on message (not_before, ordinal) where state in ('PENDING','SENDING','IN_DOUBT');
      create index message_stream on message (authority_id, stream, ordinal);
      create index message_meeting on message (authority_id, meeting_id, contact_id, ordinal) where meeting_id is not null;

      create table caught_mail (
        authority_id int not null,
        id uuid not null,
        message_id uuid not null,
        to_address text not null,
        caught_at timestamptz not null,
        bytes bytea not null,
        constraint caught_mail_pk primary key (authority_id, id),
        constraint caught_mail_authority_fk foreign key (authority_id) references authority (id)
      );
      create index caught_mail_newest on caught_mail (caught_at desc);

      create table login_session (
        sid text not null,
        sess jsonb not null,
        expire timestamptz not null,
        constraint login_session_pk primary key (sid)
      );
      create index login_session_expire on login_session (expire);
      create table rate_limit (
        key text not null,
        points int not null default 0,
        expire bigint,
        constraint rate_limit_pk primary key (key)
      );
      grant select, insert, update, delete on login_session, rate_limit to quorate_app;
    `);
    await this.policies(runner);
    await this.audit(runner);
  }

  private async policies(runner: QueryRunner): Promise<void> {
    const tables = [
      { table: 'closure', grants: 'select, insert, delete' },
      { table: 'counter', grants: 'select, insert, update' },
      { table: 'staff', grants: 'select, insert, update' },
      { table: 'matter_access', grants: 'select' },
      { table: 'event_head', grants: 'select' },
      { table: 'message', grants: 'select, insert' },
      { table: 'caught_mail', grants: 'select, delete' },
    ];
    for (const table of tables) await runner.query(tenantPolicies(table));
    await runner.query(`
      alter table event enable row level security;
      alter table event force row level security;
      create policy authority on event as restrictive to quorate_app, quorate_owner, quorate_audit
        using (authority_id = (select current_authority())) with check (authority_id = (select current_authority()));
      create policy need_to_know on event for select to quorate_app using (
        (select current_actor()) = '00000000-0000-0000-0000-000000000000' or matter_id is null or exists (
          select 1 from matter_access a where a.authority_id = event.authority_id and a.matter_id = event.matter_id
          and a.person_id = (select current_actor()) and (a.until is null or a.until > now()) offset 0));
      create policy guard on event to quorate_guard using (true) with check (true);
      create policy audit on event for select to quorate_audit using (true);
      grant select on event to quorate_app, quorate_audit;
      grant select, insert on event to quorate_guard;
      grant select, insert, update on event_head to quorate_guard;
      grant select, insert, update on matter_access to quorate_guard;
      grant select on staff to quorate_guard;

      grant update (state, reason, not_before) on message to quorate_app;
      grant usage on sequence message_ordinal to quorate_app;
      create policy mail on message to quorate_mail using (true) with check (true);
      grant select (authority_id, id, ordinal, stream, to_address, envelope_from, message_id, sealed_bytes, sha256, state,
        reason, attempts, not_before, not_after, locked_by, lease_until, sent_at) on message to quorate_mail;
      grant update (state, reason, attempts, not_before, locked_by, lease_until, sent_at) on message to quorate_mail;
      create policy mail on caught_mail to quorate_mail using (true) with check (true);
      grant select, insert on caught_mail to quorate_mail;
    `);
  }

  private async audit(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function audit_append(p_at timestamptz, p_action text, p_object text, p_details jsonb, p_matter uuid, p_agency uuid)
      returns bigint language plpgsql security definer set search_path = pg_catalog, public as $$
      declare
        v_authority int := public.current_authority();
        v_actor text := nullif(current_setting('app.actor', true), '');
        v_salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
        v_prev bytea; v_seq bigint; v_digest bytea; v_hash bytea;
      begin
        if v_authority is null or v_actor is null then
          raise exception 'no context: nothing is recorded without an authority and an actor';
        end if;
        insert into public.event_head (authority_id, seq, hash)
          values (v_authority, 0, sha256(convert_to(v_authority::text, 'UTF8'))) on conflict do nothing;
        update public.event_head set seq = seq + 1 where authority_id = v_authority returning seq, hash into v_seq, v_prev;
        v_digest := sha256(v_salt || convert_to(p_details::text, 'UTF8'));
        v_hash := sha256(v_prev || sha256(convert_to(v_authority::text, 'UTF8')) || int8send(v_seq)
          || int8send((extract(epoch from p_at) * 1000000)::bigint) || sha256(convert_to(v_actor, 'UTF8'))
          || sha256(convert_to(p_action, 'UTF8')) || sha256(convert_to(p_object, 'UTF8')) || v_digest);
        insert into public.event (authority_id, seq, at, actor, action, object, matter_id, agency_id, salt, details, details_digest, prev, hash)
          values (v_authority, v_seq, p_at, v_actor, p_action, p_object, p_matter, p_agency, v_salt, p_details, v_digest, v_prev, v_hash);
        update public.event_head set hash = v_hash where authority_id = v_authority;
        return v_seq;
      end $$;

      create function give_matter_access(p_matter uuid, p_persons uuid[]) returns void
      language plpgsql security definer set search_path = pg_catalog, public as $$
      declare v_authority int := public.current_authority(); v_giver uuid := public.current_actor();
      begin
        if v_authority is null or v_giver is null then raise exception 'no context'; end if;
        if v_giver <> '00000000-0000-0000-0000-000000000000'
           and exists (select 1 from public.matter_access where authority_id = v_authority and matter_id = p_matter)
           and not exists (select 1 from public.matter_access where authority_id = v_authority and matter_id = p_matter
             and person_id = v_giver and (until is null or until > now())) then
          raise exception 'access to a matter is given only by somebody who has it' using errcode = '42501';
        end if;
        insert into public.matter_access (authority_id, matter_id, person_id, given_by)
          select v_authority, p_matter, p, v_giver from unnest(p_persons) p
          on conflict (authority_id, matter_id, person_id) do update set until = null, given_by = excluded.given_by;
      end $$;

      create function end_matter_access(p_matter uuid, p_person uuid) returns void
      language plpgsql security definer set search_path = pg_catalog, public as $$
      begin
        update public.matter_access set until = now() where authority_id = public.current_authority()
          and matter_id = p_matter and person_id = p_person and exists (select 1 from public.matter_access g
            where g.authority_id = public.current_authority() and g.matter_id = p_matter
            and (g.person_id = public.current_actor() or public.current_actor() = '00000000-0000-0000-0000-000000000000'));
      end $$;

      create function staff_by_email(p_email text) returns table (authority_id int, id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select s.authority_id, s.id from public.staff s where lower(s.email) = lower(p_email) and s.disabled_at is null $$;
      create function demonstration_staff() returns table (authority_id int, authority text, id uuid, name text, roles text[], desk text)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select s.authority_id, a.name, s.id, s.name, s.roles, s.desk from public.staff s
        join public.authority a on a.id = s.authority_id
        where a.demonstration and s.disabled_at is null order by a.id, s.desk nulls last, s.name $$;
    `);
    for (const name of [
      'audit_append(timestamptz, text, text, jsonb, uuid, uuid)',
      'give_matter_access(uuid, uuid[])',
      'end_matter_access(uuid, uuid)',
      'staff_by_email(text)',
      'demonstration_staff()',
    ]) {
      await runner.query(
        `revoke all on function ${name} from public; grant execute on function ${name} to quorate_app; alter function ${name} owner to quorate_guard;`,
      );
    }
    await runner.query(`
      set role quorate_guard;
      grant execute on function audit_append(timestamptz, text, text, jsonb, uuid, uuid) to quorate_owner;
      set role quorate_owner;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not undone: drop the database instead.');
  }
}
