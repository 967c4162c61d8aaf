import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/**
 * Every attempt to send a message and what came back; what is urgent; how often a message may have gone twice. Whether a
 * message still has a purpose is decided when it is claimed, by a function that tells the mail worker a verdict and
 * nothing else. The generation moves on with every claim and is compared with a file outside the database: an older or
 * another copy of the database is recognised, and then each authority's mail is held until somebody releases it.
 */
export class Sending1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table message add column urgent boolean not null default false,
        add column attempts_allowed int not null default 8, add column possible_repeats int not null default 0;
      create index message_due on message (urgent desc, not_before, ordinal) where state = 'PENDING';
      create index message_in_hand on message (lease_until) where state in ('SENDING', 'IN_DOUBT');
      create index message_sent on message (authority_id, sent_at desc) where sent_at is not null;

      create table message_attempt (
        authority_id int not null,
        message_id uuid not null,
        attempt int not null,
        worker text not null,
        began_at timestamptz not null,
        ended_at timestamptz,
        outcome text not null,
        answer text,
        constraint message_attempt_pk primary key (authority_id, message_id, attempt),
        constraint message_attempt_message_fk foreign key (authority_id, message_id) references message (authority_id, id),
        constraint message_attempt_outcome_known check (outcome in ('BEGUN','TAKEN','LATER','REFUSED','UNKNOWN','CUT_OFF',
          'FOUND_TAKEN','FOUND_NOT_TAKEN','NOT_KNOWN'))
      );

      create table mail_hold (
        authority_id int not null,
        id uuid not null default gen_random_uuid(),
        held_at timestamptz not null,
        reason text not null,
        -- the last claim that this copy of the database knows of, and the last one of all
        copy_at timestamptz,
        last_at timestamptz,
        released_at timestamptz,
        released_by uuid,
        dropped_before timestamptz,
        constraint mail_hold_pk primary key (authority_id, id),
        constraint mail_hold_authority_fk foreign key (authority_id) references authority (id),
        constraint mail_hold_reason_known check (reason in ('OLDER_COPY','OTHER_COPY','NO_FILE')),
        constraint mail_hold_released_whole check ((released_at is null) = (released_by is null))
      );
      create unique index mail_hold_one_open on mail_hold (authority_id) where released_at is null;

      create table mail_generation (
        only_one boolean not null default true,
        lineage uuid not null,
        generation bigint not null,
        moved_at timestamptz,
        constraint mail_generation_pk primary key (only_one),
        constraint mail_generation_only_one check (only_one)
      );
      insert into mail_generation (lineage, generation) values (gen_random_uuid(), 0);
    `);
    await this.rights(runner);
    await this.verdict(runner);
  }

  private async rights(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${tenantPolicies({ table: 'message_attempt', grants: 'select' })}
      drop policy everyone on message_attempt;
      create policy need_to_know on message_attempt to quorate_app using (exists (select 1 from message m
        where m.authority_id = message_attempt.authority_id and m.id = message_attempt.message_id));
      create policy mail on message_attempt to quorate_mail using (true) with check (true);
      grant select, insert, update on message_attempt to quorate_mail;

      ${tenantPolicies({ table: 'mail_hold', grants: 'select' })}
      grant update (released_at, released_by, dropped_before) on mail_hold to quorate_app;
      create policy mail on mail_hold to quorate_mail using (true) with check (true);
      grant select, insert on mail_hold to quorate_mail;

      grant select, update on mail_generation to quorate_mail;
      grant update (attempts_allowed, lease_until, possible_repeats) on message to quorate_app;
      grant select (urgent, created_at, attempts_allowed, possible_repeats) on message to quorate_mail;
      grant update (possible_repeats) on message to quorate_mail;
      grant select on message, meeting, invitation, contact, standing to quorate_guard;
    `);
  }

  private async verdict(runner: QueryRunner): Promise<void> {
    await runner.query(VERDICT);
    await runner.query(`
      revoke all on function message_verdict(int, uuid, timestamptz) from public;
      grant execute on function message_verdict(int, uuid, timestamptz) to quorate_mail;
      alter function message_verdict(int, uuid, timestamptz) owner to quorate_guard;
    `);
    const [undeliverable] = (await runner.query(`select to_regclass('undeliverable_address') as known`)) as {
      known: string | null;
    }[];
    if (undeliverable?.known != null) await runner.query('grant select on undeliverable_address to quorate_guard');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function message_verdict(int, uuid, timestamptz);
      drop table mail_generation, mail_hold, message_attempt;
      drop index message_sent; drop index message_in_hand; drop index message_due;
      revoke update (lease_until) on message from quorate_app;
      revoke select (created_at) on message from quorate_mail;
      alter table message drop column urgent, drop column attempts_allowed, drop column possible_repeats;
    `);
  }
}

/**
 * Why a message that is due must not go, or null. In this order: whoever must not know, has left or cannot be reached at
 * that address gets nothing; then what was called back or came too late; then what became of the meeting and of the
 * place in it, which a letter with a link to it needs too. A code goes to any address, for somebody waits for it. A
 * request gives way to a newer one, and who never had a request hears of no cancellation. (An address that mail came
 * back from is in a table of another migration, which may not be there.)
 */
const VERDICT = `
  create function message_verdict(p_authority int, p_id uuid, p_now timestamptz) returns text
  language plpgsql security definer volatile set search_path = pg_catalog, public as $$
  declare
    m record; c record; t record; v_key text;
  begin
    select g.stream, g.ordinal, g.purpose, g.matter_id, g.meeting_id, g.contact_id, g.to_address, g.not_after, g.urgent
      into m from public.message g where g.authority_id = p_authority and g.id = p_id;
    if m.contact_id is not null then
      select k.status, k.email, k.address_key into c from public.contact k
        where k.authority_id = p_authority and k.id = m.contact_id;
      if m.matter_id is not null and exists (select 1 from public.standing s where s.authority_id = p_authority
          and s.matter_id = m.matter_id and s.verdict = 'must_not_know'
          and s.who in ('contact:' || m.contact_id, c.address_key, lower(m.to_address))) then
        return 'EXCLUDED';
      end if;
      if c.status = 'LEFT' then return 'LEFT'; end if;
      if lower(c.email) = lower(m.to_address) then v_key := c.address_key; end if;
    end if;
    if m.purpose <> 'CODE' and to_regclass('public.undeliverable_address') is not null then
      if exists (select 1 from public.undeliverable_address u where u.authority_id = p_authority and u.lifted_at is null
          and u.address_key in (lower(m.to_address), v_key)) then
        return 'BOUNCED';
      end if;
    end if;
    if m.not_after = '-infinity' then return 'EXCLUDED'; end if;
    if m.not_after < p_now then return 'EXPIRED'; end if;
    if m.meeting_id is null then return null; end if;
    if m.purpose in ('CANCELLATION', 'WITHDRAWAL') then
      if not exists (select 1 from public.message r where r.authority_id = p_authority and r.meeting_id = m.meeting_id
          and r.contact_id = m.contact_id and r.to_address = m.to_address and r.ordinal < m.ordinal
          and r.purpose in ('INVITATION', 'UPDATE') and (r.state in ('SENDING', 'SENT', 'IN_DOUBT') or r.possible_repeats > 0
            or r.reason in ('DOUBTED', 'RESTORED'))) then
        return 'NEVER_ASKED';
      end if;
      return null;
    end if;
    if m.purpose not in ('INVITATION', 'UPDATE', 'REMINDER', 'CHASE', 'LINK') then return null; end if;
    select g.status, g.starts_at, g.revision into t from public.meeting g
      where g.authority_id = p_authority and g.id = m.meeting_id;
    if t.status = 'CANCELLED' then return 'CANCELLED'; end if;
    if t.starts_at <= p_now and not m.urgent then return 'STARTED'; end if;
    if m.contact_id is null then return null; end if;
    if not exists (select 1 from public.invitation i where i.authority_id = p_authority and i.meeting_id = m.meeting_id
        and i.contact_id = m.contact_id and i.status in ('DRAFT', 'OPEN')) then
      return 'WITHDRAWN';
    end if;
    if m.purpose = 'LINK' then return null; end if;
    if m.purpose in ('REMINDER', 'CHASE') then
      if exists (select 1 from public.invitation i where i.authority_id = p_authority and i.meeting_id = m.meeting_id
          and i.contact_id = m.contact_id and i.status = 'OPEN' and i.answer <> 'NO_RESPONSE'
          and i.answered_revision = t.revision) then
        return 'ANSWERED';
      end if;
      return null;
    end if;
    if exists (select 1 from public.message n where n.authority_id = p_authority and n.stream = m.stream
        and n.ordinal > m.ordinal and n.state <> 'DEAD'
        and n.purpose in ('INVITATION', 'UPDATE', 'CANCELLATION', 'WITHDRAWAL')) then
      return 'SUPERSEDED';
    end if;
    return null;
  end $$;`;
