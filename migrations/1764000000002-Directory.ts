import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/** Agencies, teams, shared inboxes, posts, the contacts who hold them and their standing deputies. */
export class Directory1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table agency (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        name text not null,
        category text not null,
        discipline text,
        phone text,
        email_domains text[] not null default '{}',
        register_key text,
        ended_on date,
        created_at timestamptz not null,
        constraint agency_pk primary key (authority_id, id),
        constraint agency_name_unique unique (authority_id, name),
        constraint agency_authority_fk foreign key (authority_id) references authority (id),
        constraint agency_category_known check (category in ('CHILDRENS_SOCIAL_CARE','POLICE','HEALTH','EDUCATION','HR',
          'LADO_SERVICE','EARLY_HELP','FOSTERING','PROBATION','HOUSING','REGULATOR','VOLUNTARY','LEGAL','OTHER_AUTHORITY','OTHER'))
      );

      create table team (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        agency_id uuid not null,
        name text not null,
        former_names text[] not null default '{}',
        from_on date not null,
        to_on date,
        constraint team_pk primary key (authority_id, id),
        constraint team_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint team_dates check (to_on is null or to_on >= from_on)
      );
      create index team_agency on team (authority_id, agency_id);

      create table inbox (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        agency_id uuid not null,
        team_id uuid,
        address text not null,
        address_key text not null,
        restricted boolean not null default false,
        ended_on date,
        constraint inbox_pk primary key (authority_id, id),
        constraint inbox_address_unique unique (authority_id, address_key),
        constraint inbox_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint inbox_team_fk foreign key (authority_id, team_id) references team (authority_id, id),
        constraint inbox_address_form check (address ~ '^[^@[:space:][:cntrl:],;:<>"()|%!/\\\\]+@[A-Za-z0-9.-]+$')
      );

      create table post (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        agency_id uuid not null,
        team_id uuid,
        title text not null,
        discipline text,
        can_decide boolean not null default true,
        functions text[] not null default '{}',
        ended_on date,
        constraint post_pk primary key (authority_id, id),
        constraint post_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint post_team_fk foreign key (authority_id, team_id) references team (authority_id, id)
      );
      create index post_agency on post (authority_id, agency_id);

      create table deputy (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        post_id uuid not null,
        deputy_post_id uuid not null,
        rank int not null,
        from_on date not null,
        to_on date,
        constraint deputy_pk primary key (authority_id, id),
        constraint deputy_post_fk foreign key (authority_id, post_id) references post (authority_id, id),
        constraint deputy_deputy_fk foreign key (authority_id, deputy_post_id) references post (authority_id, id),
        constraint deputy_not_self check (post_id <> deputy_post_id)
      );
      create index deputy_of_post on deputy (authority_id, post_id, rank);

      create table contact (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        name text not null,
        email text not null,
        address_key text not null,
        phone text,
        mobile text,
        access_needs text,
        status text not null default 'ACTIVE',
        last_verified_at timestamptz,
        verified_how text,
        merged_into uuid,
        created_at timestamptz not null,
        constraint contact_pk primary key (authority_id, id),
        constraint contact_address_unique unique (authority_id, id, address_key),
        constraint contact_authority_fk foreign key (authority_id) references authority (id),
        constraint contact_status_known check (status in ('ACTIVE','UNVERIFIED','ON_LEAVE','LEFT','MERGED')),
        constraint contact_merged_into check ((status = 'MERGED') = (merged_into is not null)),
        constraint contact_email_form check (email ~ '^[^@[:space:][:cntrl:],;:<>"()|%!/\\\\]+@[A-Za-z0-9.-]+$')
      );
      create index contact_address on contact (authority_id, address_key);
      create index contact_by_name on contact (authority_id, lower(name), id);
      alter table staff add constraint staff_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id);

      create table holding (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        contact_id uuid not null,
        post_id uuid not null,
        from_on date not null,
        to_on date,
        end_reason text,
        constraint holding_pk primary key (authority_id, id),
        constraint holding_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint holding_post_fk foreign key (authority_id, post_id) references post (authority_id, id),
        constraint holding_dates check (to_on is null or to_on >= from_on),
        constraint holding_end_reason check (end_reason is null or end_reason in ('LEFT','MOVED','RESTRUCTURE','SICK','MATERNITY')),
        constraint holding_once exclude using gist (authority_id with =, contact_id with =, post_id with =,
          daterange(from_on, to_on, '[)') with &&)
      );
      create index holding_contact on holding (authority_id, contact_id);
      create index holding_post on holding (authority_id, post_id);
    `);
    for (const table of ['agency', 'team', 'inbox', 'post', 'deputy', 'contact', 'holding']) {
      await runner.query(tenantPolicies({ table, grants: 'select, insert, update' }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table staff drop constraint staff_contact_fk;
      drop table holding, contact, deputy, post, inbox, team, agency;
    `);
  }
}
