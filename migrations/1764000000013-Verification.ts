import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/**
 * "Is this still right?": who was asked, when, and what they said; addresses that people say have changed, until a
 * coordinator confirms them; and after how many days an authority asks.
 */
export class Verification1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table directory_upkeep (
        authority_id int not null,
        reverify_days int not null,
        constraint directory_upkeep_pk primary key (authority_id),
        constraint directory_upkeep_days check (reverify_days between 30 and 730)
      );

      create table verification (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        contact_id uuid not null,
        asked_at timestamptz not null,
        answer text,
        answered_at timestamptz,
        constraint verification_pk primary key (authority_id, id),
        constraint verification_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint verification_answer_known check (answer in ('RIGHT','CORRECTED','MOVED_ON','NOT_ME')),
        constraint verification_answered check ((answer is null) = (answered_at is null))
      );
      create index verification_of_contact on verification (authority_id, contact_id, asked_at desc);

      create table address_change (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        contact_id uuid not null,
        email text not null,
        address_key text not null,
        status text not null,
        made_at timestamptz not null,
        decided_at timestamptz,
        decided_by text,
        constraint address_change_pk primary key (authority_id, id),
        constraint address_change_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint address_change_status_known check (status in ('MADE','CONFIRMED','REFUSED','REPLACED')),
        constraint address_change_decided check ((status = 'MADE') = (decided_at is null))
      );
      create unique index address_change_one_open on address_change (authority_id, contact_id) where status = 'MADE';

      create index contact_verified on contact (authority_id, (coalesce(last_verified_at, created_at)))
        where status in ('ACTIVE', 'UNVERIFIED');
      create index message_to_contact on message (authority_id, contact_id, created_at) where contact_id is not null;
    `);
    for (const table of [
      { table: 'directory_upkeep', grants: 'select, insert, update' },
      { table: 'verification', grants: 'select, insert, update' },
      { table: 'address_change', grants: 'select, insert, update' },
    ]) {
      await runner.query(tenantPolicies(table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index message_to_contact;
      drop index contact_verified;
      drop table address_change, verification, directory_upkeep;
    `);
  }
}
