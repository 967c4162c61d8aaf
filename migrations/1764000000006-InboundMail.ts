import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/**
 * Mail that comes back: kept as it came before it is acknowledged, read afterwards. What reached an address that no
 * invitation and no message has belongs to no authority: it goes to a table that the service can add to and cannot read.
 */
export class InboundMail1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbound_mail (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        received_at timestamptz not null,
        recipient text not null,
        address_kind text not null,
        envelope_from text,
        sha256 text not null,
        bytes_length int not null,
        sealed_bytes bytea not null,
        state text not null default 'RECEIVED',
        reason text,
        note text,
        kind text,
        attempts int not null default 0,
        -- while somebody reads it, by the database's clock
        read_until timestamptz,
        invitation_id uuid,
        meeting_id uuid,
        matter_id uuid,
        contact_id uuid,
        of_message_id uuid,
        sender_name text,
        sender_address text,
        subject text,
        sent_at timestamptz,
        message_id text,
        possibly_automatic boolean not null default false,
        authentication jsonb,
        sealed_text bytea,
        settled_at timestamptz,
        settled_by uuid,
        constraint inbound_mail_pk primary key (authority_id, id),
        constraint inbound_mail_once unique (authority_id, sha256, recipient),
        constraint inbound_mail_authority_fk foreign key (authority_id) references authority (id),
        constraint inbound_mail_address_known check (address_kind in ('r','b')),
        constraint inbound_mail_state_known check (state in ('RECEIVED','DONE','HELD','DISMISSED')),
        constraint inbound_mail_kind_known check (kind in ('BOUNCE','RECEIPT','COMPLAINT','CALENDAR','AUTOMATIC','OPAQUE','OTHER')),
        constraint inbound_mail_held_with_reason check (state <> 'HELD' or reason is not null)
      );
      create index inbound_mail_waiting on inbound_mail (received_at, id) where state = 'RECEIVED';
      create index inbound_mail_held on inbound_mail (authority_id, received_at) where state = 'HELD';
      create index inbound_mail_of_invitation on inbound_mail (authority_id, invitation_id, received_at);
      create index inbound_mail_of_message on inbound_mail (authority_id, of_message_id);

      -- addresses that mail came back from for good: nothing more is sent there until it is lifted
      create table undeliverable_address (
        authority_id int not null,
        address_key text not null,
        since timestamptz not null,
        why text not null,
        message_id uuid,
        lifted_at timestamptz,
        constraint undeliverable_address_pk primary key (authority_id, address_key),
        constraint undeliverable_address_authority_fk foreign key (authority_id) references authority (id)
      );

      create table stray_mail (
        id uuid not null,
        received_at timestamptz not null,
        recipient text not null,
        envelope_from text,
        sha256 text not null,
        bytes_length int not null,
        sealed_bytes bytea not null,
        constraint stray_mail_pk primary key (id),
        constraint stray_mail_once unique (sha256, recipient)
      );
      create index stray_mail_age on stray_mail (received_at);

      -- how far a polled mailbox was read (RFC 3501 section 2.3.1.1)
      create table mailbox_cursor (
        mailbox text not null,
        uid_validity text not null,
        uid bigint not null,
        constraint mailbox_cursor_pk primary key (mailbox)
      );

      alter table message add column bounce_kind text, add column bounced_at timestamptz, add column bounce_reason text,
        add constraint message_bounce_known check (bounce_kind in ('HARD','SOFT','UNCLEAR')),
        add constraint message_bounce_whole check ((bounce_kind is null) = (bounced_at is null));
      grant update (bounce_kind, bounced_at, bounce_reason) on message to quorate_app;
      create index message_envelope on message (envelope_from);
      create index message_refused on message (ordinal) where state = 'DEAD' and reason = 'REFUSED' and bounce_kind is null;
    `);
    await runner.query(`
      ${tenantPolicies({ table: 'inbound_mail', grants: 'select, insert, update' })}
      drop policy everyone on inbound_mail;
      create policy need_to_know on inbound_mail to quorate_app using (
        matter_id is null or (select current_actor()) = '00000000-0000-0000-0000-000000000000' or exists (
          select 1 from matter_access a where a.authority_id = inbound_mail.authority_id and a.matter_id = inbound_mail.matter_id
          and a.person_id = (select current_actor()) and (a.until is null or a.until > now()) offset 0));
      ${tenantPolicies({ table: 'undeliverable_address', grants: 'select, insert, update' })}
      grant insert on stray_mail to quorate_app;
      grant select, insert, update on mailbox_cursor to quorate_app;
    `);
    await this.functions(runner);
  }

  /** What has to be found before there is an authority: by the keyed hash or the secret of an address, or by its turn. */
  private async functions(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant select, update on inbound_mail to quorate_guard;
      grant select on message to quorate_guard;
      grant select, delete on stray_mail to quorate_guard;

      create function invitation_by_reply(p_hash bytea)
      returns table (authority_id int, invitation_id uuid, meeting_id uuid, matter_id uuid, contact_id uuid, message_id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select i.authority_id, i.id, i.meeting_id, i.matter_id, i.contact_id, null::uuid
        from public.invitation i where i.reply_hash = p_hash $$;

      create function message_by_envelope(p_from text)
      returns table (authority_id int, invitation_id uuid, meeting_id uuid, matter_id uuid, contact_id uuid, message_id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select m.authority_id, i.id, m.meeting_id, m.matter_id, m.contact_id, m.id
        from public.message m left join lateral (select i.id from public.invitation i where i.authority_id = m.authority_id
          and i.meeting_id = m.meeting_id and i.contact_id = m.contact_id order by i.created_at desc, i.id desc limit 1) i on true
        where m.envelope_from = p_from $$;

      create function claim_inbound_mail(p_limit int) returns table (authority_id int, id uuid, attempts int)
      language sql security definer volatile set search_path = pg_catalog, public as $$
        update public.inbound_mail m set attempts = m.attempts + 1, read_until = now() + interval '30 seconds'
        from (select c.authority_id, c.id from public.inbound_mail c
          where c.state = 'RECEIVED' and (c.read_until is null or c.read_until < now())
          order by c.received_at, c.id limit p_limit for update skip locked) due
        where m.authority_id = due.authority_id and m.id = due.id
        returning m.authority_id, m.id, m.attempts $$;

      create function refused_messages(p_limit int) returns table (authority_id int, id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select m.authority_id, m.id from public.message m
        where m.state = 'DEAD' and m.reason = 'REFUSED' and m.bounce_kind is null order by m.ordinal limit p_limit $$;

      create function forget_stray_mail(p_before timestamptz) returns void
      language sql security definer volatile set search_path = pg_catalog, public as $$
        delete from public.stray_mail s where s.received_at < p_before $$;
    `);
    for (const name of FUNCTIONS) {
      await runner.query(
        `revoke all on function ${name} from public; grant execute on function ${name} to quorate_app; alter function ${name} owner to quorate_guard;`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS) await runner.query(`drop function ${name}`);
    await runner.query(`
      drop index message_refused; drop index message_envelope;
      alter table message drop column bounce_kind, drop column bounced_at, drop column bounce_reason;
      revoke select on message from quorate_guard;
      drop table mailbox_cursor, stray_mail, undeliverable_address, inbound_mail;
    `);
  }
}

const FUNCTIONS = [
  'invitation_by_reply(bytea)',
  'message_by_envelope(text)',
  'claim_inbound_mail(int)',
  'refused_messages(int)',
  'forget_stray_mail(timestamptz)',
];
