import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/**
 * People in posts over time: leave with its days and who covers it, whom an agency answers by, who reads a shared inbox,
 * who passed on what when somebody left, who says that they hold a post now, and restructures with their date. Past
 * meetings keep the names of their day, so a post remembers the team it was in.
 */
export class Handover1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.people(runner);
    await this.handovers(runner);
    await this.reorganisations(runner);
    for (const table of [
      { table: 'inbox_reader', grants: 'select, insert, delete' },
      { table: 'handover', grants: 'select, insert, update' },
      { table: 'claim', grants: 'select, insert, update' },
      { table: 're_routing', grants: 'select, insert, update', needToKnow: true },
      { table: 'action_offer', grants: 'select, insert, update', needToKnow: true },
      { table: 'reorganisation', grants: 'select, insert, update' },
      { table: 'post_place', grants: 'select, insert' },
    ]) {
      await runner.query(tenantPolicies(table));
    }
  }

  private async people(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table contact add column leave_from date, add column leave_to date, add column cover_contact_id uuid,
        add constraint contact_cover_fk foreign key (authority_id, cover_contact_id) references contact (authority_id, id),
        add constraint contact_leave_dates check (leave_to is null or leave_to > leave_from),
        add constraint contact_cover_other check (cover_contact_id <> id);
      create index contact_leave on contact (authority_id, leave_from) where leave_from is not null;

      alter table agency add column spoc_post_id uuid, add column out_of_hours_post_id uuid, add column chase_manager_post_id uuid,
        add constraint agency_spoc_fk foreign key (authority_id, spoc_post_id) references post (authority_id, id),
        add constraint agency_out_of_hours_fk foreign key (authority_id, out_of_hours_post_id) references post (authority_id, id),
        add constraint agency_chase_manager_fk foreign key (authority_id, chase_manager_post_id) references post (authority_id, id);

      alter table team add column successor_ids uuid[] not null default '{}';

      create table inbox_reader (
        authority_id int not null,
        inbox_id uuid not null,
        contact_id uuid not null,
        constraint inbox_reader_pk primary key (authority_id, inbox_id, contact_id),
        constraint inbox_reader_inbox_fk foreign key (authority_id, inbox_id) references inbox (authority_id, id),
        constraint inbox_reader_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id)
      );

      alter table link drop constraint link_purpose_known,
        add constraint link_purpose_known check (purpose in ('RESPOND','ACTION','MINUTES','VERIFY','PICKUP','FEED','CLAIM'));
    `);
  }

  private async handovers(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table handover (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        contact_id uuid not null,
        signal text not null,
        status_before text not null,
        holding_ids uuid[] not null default '{}',
        address_key text not null,
        started_at timestamptz not null,
        started_by text not null,
        undone_at timestamptz,
        undone_by text,
        constraint handover_pk primary key (authority_id, id),
        constraint handover_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint handover_signal_known check (signal in ('MOVED_ON','NOT_ME','REPLACED','BOUNCED','LEFT'))
      );
      create index handover_of_contact on handover (authority_id, contact_id, started_at desc);

      create table claim (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        post_id uuid not null,
        held_by uuid not null,
        contact_id uuid,
        name text not null,
        email text not null,
        address_key text not null,
        status text not null,
        made_at timestamptz not null,
        decided_at timestamptz,
        decided_by text,
        reason text,
        constraint claim_pk primary key (authority_id, id),
        constraint claim_post_fk foreign key (authority_id, post_id) references post (authority_id, id),
        constraint claim_held_by_fk foreign key (authority_id, held_by) references contact (authority_id, id),
        constraint claim_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint claim_status_known check (status in ('MADE','CONFIRMED','REFUSED'))
      );
      create unique index claim_one_open on claim (authority_id, post_id, held_by, address_key) where status = 'MADE';

      create table re_routing (
        authority_id int not null,
        id uuid not null,
        handover_id uuid not null,
        meeting_id uuid not null,
        matter_id uuid not null,
        invitation_id uuid not null,
        to_invitation_id uuid,
        inbox_id uuid,
        asked_as text not null,
        skipped jsonb not null default '[]',
        at timestamptz not null,
        undone_at timestamptz,
        constraint re_routing_pk primary key (authority_id, id),
        constraint re_routing_handover_fk foreign key (authority_id, handover_id) references handover (authority_id, id),
        constraint re_routing_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint re_routing_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint re_routing_invitation_fk foreign key (authority_id, invitation_id) references invitation (authority_id, id),
        constraint re_routing_to_fk foreign key (authority_id, to_invitation_id) references invitation (authority_id, id),
        constraint re_routing_inbox_fk foreign key (authority_id, inbox_id) references inbox (authority_id, id),
        constraint re_routing_as_known check (asked_as in ('COVER','SUCCESSOR','DEPUTY','INBOX','COORDINATOR')),
        constraint re_routing_somebody check ((asked_as in ('COVER','SUCCESSOR','DEPUTY')) = (to_invitation_id is not null)
          and (asked_as = 'INBOX') = (inbox_id is not null))
      );
      create index re_routing_of_meeting on re_routing (authority_id, meeting_id);
      create index re_routing_of_handover on re_routing (authority_id, handover_id);
      create index re_routing_of_invitation on re_routing (authority_id, invitation_id);
      create index re_routing_to on re_routing (authority_id, to_invitation_id);

      create table action_offer (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        action_id uuid not null,
        matter_id uuid not null,
        contact_id uuid not null,
        post_id uuid,
        agency_id uuid not null,
        contact_key text not null,
        agency_key text not null,
        address_key text not null,
        verdict text default 'may_know',
        status text not null,
        reason text,
        offered_at timestamptz not null,
        answered_at timestamptz,
        constraint action_offer_pk primary key (authority_id, id),
        constraint action_offer_action_fk foreign key (authority_id, action_id) references action (authority_id, id),
        constraint action_offer_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint action_offer_contact_fk foreign key (authority_id, contact_id, address_key)
          references contact (authority_id, id, address_key) on update cascade,
        constraint action_offer_post_fk foreign key (authority_id, post_id) references post (authority_id, id),
        constraint action_offer_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint action_offer_verdict check (verdict = 'may_know'),
        constraint action_offer_live_has_verdict check ((status = 'OFFERED') = (verdict is not null)),
        constraint action_offer_keys check (contact_key = 'contact:' || contact_id and agency_key = 'agency:' || agency_id),
        constraint action_offer_status_known check (status in ('OFFERED','ACCEPTED','QUERIED','WITHDRAWN')),
        constraint action_offer_query_has_reason check (status <> 'QUERIED' or btrim(coalesce(reason, '')) <> '')
      );
      create unique index action_offer_one_live on action_offer (authority_id, action_id) where status = 'OFFERED';
      create index action_offer_of_contact on action_offer (authority_id, contact_id) where status = 'OFFERED';
    `);
    for (const key of ['contact_key', 'agency_key', 'address_key']) {
      await runner.query(`alter table action_offer add constraint action_offer_${key}_standing_fk
        foreign key (authority_id, matter_id, ${key}, verdict) references standing (authority_id, matter_id, who, verdict)`);
    }
  }

  private async reorganisations(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reorganisation (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        agency_id uuid not null,
        kind text not null,
        plan jsonb not null,
        touched uuid[] not null,
        words text not null,
        effective_on date not null,
        status text not null,
        decided_by text not null,
        decided_at timestamptz not null,
        applied_at timestamptz,
        reversed_at timestamptz,
        reversed_by text,
        trouble text,
        constraint reorganisation_pk primary key (authority_id, id),
        constraint reorganisation_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint reorganisation_kind_known check (kind in ('RENAME','MERGE','SPLIT','CLOSE','MOVE_POST')),
        constraint reorganisation_status_known check (status in ('DRAFT','SCHEDULED','APPLIED')),
        constraint reorganisation_applied check ((status = 'APPLIED') = (applied_at is not null))
      );
      create index reorganisation_due on reorganisation (authority_id, effective_on) where status = 'SCHEDULED';
      create index reorganisation_of_agency on reorganisation (authority_id, agency_id, decided_at desc);

      create table post_place (
        authority_id int not null,
        post_id uuid not null,
        until_at timestamptz not null,
        team_name text,
        agency_name text not null,
        constraint post_place_pk primary key (authority_id, post_id, until_at),
        constraint post_place_post_fk foreign key (authority_id, post_id) references post (authority_id, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table post_place, reorganisation, action_offer, re_routing, claim, handover, inbox_reader;
      delete from visit where link_id in (select id from link where purpose = 'CLAIM');
      delete from link where purpose = 'CLAIM';
      alter table link drop constraint link_purpose_known,
        add constraint link_purpose_known check (purpose in ('RESPOND','ACTION','MINUTES','VERIFY','PICKUP','FEED'));
      alter table team drop column successor_ids;
      alter table agency drop column spoc_post_id, drop column out_of_hours_post_id, drop column chase_manager_post_id;
      alter table contact drop column leave_from, drop column leave_to, drop column cover_contact_id;
    `);
  }
}
