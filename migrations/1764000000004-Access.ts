import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/** Emailed links, the visits they open, emailed codes, partners' tokens and the answers kept for repeated mutations. */
export class Access1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table link (
        authority_id int not null,
        id uuid not null,
        contact_id uuid not null,
        purpose text not null,
        target_id uuid not null,
        secret_hash bytea not null,
        created_at timestamptz not null,
        revoked_at timestamptz,
        revoked_reason text,
        constraint link_pk primary key (authority_id, id),
        constraint link_secret_unique unique (authority_id, secret_hash),
        constraint link_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint link_purpose_known check (purpose in ('RESPOND','ACTION','MINUTES','VERIFY','PICKUP','FEED')),
        constraint link_revoked_with_reason check ((revoked_at is null) = (revoked_reason is null))
      );
      create index contact_by_address on contact (address_key);
      create index link_secret on link (secret_hash);
      create index link_target on link (authority_id, target_id, contact_id, created_at desc);
      create index link_contact on link (authority_id, contact_id);

      create table visit (
        authority_id int not null,
        id uuid not null,
        link_id uuid not null,
        contact_id uuid not null,
        secret_hash bytea not null,
        opened_at timestamptz not null,
        last_seen_at timestamptz not null,
        proved_at timestamptz,
        ended_at timestamptz,
        constraint visit_pk primary key (authority_id, id),
        constraint visit_link_fk foreign key (authority_id, link_id) references link (authority_id, id),
        constraint visit_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id)
      );
      create index visit_secret on visit (secret_hash);
      create index visit_contact on visit (authority_id, contact_id);

      create table emailed_code (
        authority_id int not null,
        id uuid not null,
        person_id uuid not null,
        asked_by text not null,
        code_hash text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        tries int not null default 0,
        used_at timestamptz,
        constraint emailed_code_pk primary key (authority_id, id),
        constraint emailed_code_authority_fk foreign key (authority_id) references authority (id),
        constraint emailed_code_tries check (tries <= 5)
      );
      create index emailed_code_person on emailed_code (authority_id, person_id, created_at desc);

      create table used_nonce (
        authority_id int not null,
        nonce_hash bytea not null,
        used_at timestamptz not null,
        constraint used_nonce_pk primary key (authority_id, nonce_hash),
        constraint used_nonce_authority_fk foreign key (authority_id) references authority (id)
      );

      create table partner_token (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        agency_id uuid not null,
        name text not null,
        key_id text not null,
        secret_hash bytea not null,
        scopes text[] not null,
        issued_by uuid not null,
        issued_at timestamptz not null,
        expires_at timestamptz not null,
        last_used_on date,
        revoked_at timestamptz,
        constraint partner_token_pk primary key (authority_id, id),
        constraint partner_token_key_unique unique (authority_id, key_id),
        constraint partner_token_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint partner_token_issuer_fk foreign key (authority_id, issued_by) references staff (authority_id, id)
      );
      create index partner_token_key on partner_token (key_id);

      create table kept_answer (
        authority_id int not null,
        client_id uuid not null,
        key text not null,
        digest text not null,
        answer jsonb not null,
        created_at timestamptz not null,
        constraint kept_answer_pk primary key (authority_id, client_id, key),
        constraint kept_answer_authority_fk foreign key (authority_id) references authority (id)
      );
    `);
    for (const table of [
      { table: 'link', grants: 'select, insert, update' },
      { table: 'visit', grants: 'select, insert, update, delete' },
      { table: 'emailed_code', grants: 'select, insert, update, delete' },
      { table: 'used_nonce', grants: 'select, insert, delete' },
      { table: 'partner_token', grants: 'select, insert, update' },
      { table: 'kept_answer', grants: 'select, insert, delete' },
    ]) {
      await runner.query(tenantPolicies(table));
    }
    await this.lookups(runner);
  }

  /** A secret says which authority it belongs to before there is a context: looked up by its keyed hash alone. */
  private async lookups(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant select on link, visit, partner_token, invitation, contact to quorate_guard;
      create function link_by_secret(p_hash bytea) returns table (authority_id int, id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select l.authority_id, l.id from public.link l where l.secret_hash = p_hash $$;
      create function visit_by_secret(p_hash bytea) returns table (authority_id int, id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select v.authority_id, v.id from public.visit v where v.secret_hash = p_hash $$;
      create function contacts_by_address(p_key text) returns table (authority_id int, id uuid)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select c.authority_id, c.id from public.contact c where c.address_key = p_key and c.status in ('ACTIVE','UNVERIFIED','ON_LEAVE')
        order by c.authority_id, c.id limit 20 $$;
      create function partner_token_by_key(p_key text)
      returns table (authority_id int, id uuid, agency_id uuid, name text, secret_hash bytea, scopes text[], expires_at timestamptz, revoked_at timestamptz)
      language sql security definer stable set search_path = pg_catalog, public as $$
        select t.authority_id, t.id, t.agency_id, t.name, t.secret_hash, t.scopes, t.expires_at, t.revoked_at
        from public.partner_token t where t.key_id = p_key $$;
    `);
    for (const name of [
      'link_by_secret(bytea)',
      'visit_by_secret(bytea)',
      'contacts_by_address(text)',
      'partner_token_by_key(text)',
    ]) {
      await runner.query(
        `revoke all on function ${name} from public; grant execute on function ${name} to quorate_app; alter function ${name} owner to quorate_guard;`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function link_by_secret(bytea); drop function visit_by_secret(bytea); drop function contacts_by_address(text); drop function partner_token_by_key(text);
      drop index contact_by_address;
      drop table kept_answer, partner_token, used_nonce, emailed_code, visit, link;
    `);
  }
}
