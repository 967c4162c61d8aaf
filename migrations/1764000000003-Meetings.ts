import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

const standingKeys = (table: string, keys: string[]): string =>
  keys
    .map(
      (key) => `alter table ${table} add constraint ${table}_${key}_standing_fk
        foreign key (authority_id, matter_id, ${key}, verdict) references standing (authority_id, matter_id, who, verdict);`,
    )
    .join('\n');

/**
 * Matters and who must not be told of them, meetings, invitations, answers, attendance and actions.
 *
 * `standing` holds one row for each contact, post, address and agency that a matter touches: may_know or must_not_know.
 * A live invitation or action refers to it by keys that include the verdict, so the database itself refuses to invite
 * or charge somebody who is excluded, and to exclude somebody who is still invited.
 */
export class Meetings1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table quorum_rule (
        authority_id int not null,
        id text not null,
        rule_version int not null,
        rule jsonb not null,
        source text not null,
        confidence text not null,
        effective_from date,
        effective_to date,
        constraint quorum_rule_pk primary key (authority_id, id, rule_version),
        constraint quorum_rule_authority_fk foreign key (authority_id) references authority (id),
        constraint quorum_rule_no_overlap exclude using gist (authority_id with =, id with =,
          daterange(effective_from, effective_to, '[)') with &&) where (effective_from is not null)
      );

      create table meeting_type (
        authority_id int not null,
        code text not null,
        version int not null default 1,
        label text not null,
        matter_kind text,
        duration_minutes int not null,
        quorum_rule_id text not null,
        suggestions jsonb not null default '[]',
        agenda jsonb not null default '[]',
        active boolean not null default true,
        position int not null default 0,
        constraint meeting_type_pk primary key (authority_id, code),
        constraint meeting_type_authority_fk foreign key (authority_id) references authority (id)
      );

      create table matter (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        ref text not null,
        kind text not null,
        neutral_title text not null,
        sensitivity text not null default 'STANDARD',
        status text not null default 'OPEN',
        coordinator_id uuid not null,
        facts text[] not null default '{}',
        external_ids text[] not null default '{}',
        created_at timestamptz not null,
        closed_at timestamptz,
        matter_id uuid not null,
        constraint matter_pk primary key (authority_id, id),
        constraint matter_ref_unique unique (authority_id, ref),
        constraint matter_is_itself check (matter_id = id),
        constraint matter_coordinator_fk foreign key (authority_id, coordinator_id) references staff (authority_id, id),
        constraint matter_kind_known check (kind in ('ALLEGATION','CHILD_PROTECTION','COMPLEX')),
        constraint matter_sensitivity_known check (sensitivity in ('STANDARD','RESTRICTED','HIGHLY_RESTRICTED'))
      );

      -- who: 'contact:<id>', 'post:<id>', 'agency:<id>', or the address itself
      create table standing (
        authority_id int not null,
        matter_id uuid not null,
        who text not null,
        verdict text not null,
        constraint standing_pk primary key (authority_id, matter_id, who),
        constraint standing_verdict_unique unique (authority_id, matter_id, who, verdict),
        constraint standing_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint standing_verdict_known check (verdict in ('may_know','must_not_know'))
      );

      create table exclusion (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        matter_id uuid not null,
        contact_id uuid,
        post_id uuid,
        inbox_id uuid,
        agency_id uuid,
        reason text not null,
        alternative text,
        -- the keys of standing that it brought
        keys text[] not null,
        added_by uuid not null,
        added_at timestamptz not null,
        lifted_at timestamptz,
        lifted_reason text,
        constraint exclusion_pk primary key (authority_id, id),
        constraint exclusion_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint exclusion_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint exclusion_post_fk foreign key (authority_id, post_id) references post (authority_id, id),
        constraint exclusion_inbox_fk foreign key (authority_id, inbox_id) references inbox (authority_id, id),
        constraint exclusion_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint exclusion_of_one check (num_nonnulls(contact_id, post_id, inbox_id, agency_id) = 1),
        constraint exclusion_reason_known check (reason in ('IS_SUBJECT','LINE_MANAGED_BY_SUBJECT','RELATIVE',
          'COLLUSION_ALLEGED','SHARED_INBOX_READABLE_BY_SUBJECT')),
        constraint exclusion_lifted_with_reason check ((lifted_at is null) = (lifted_reason is null))
      );
      create index exclusion_matter on exclusion (authority_id, matter_id);

      create table meeting (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        ref text not null,
        matter_id uuid not null,
        type_code text not null,
        urgency text not null default 'ROUTINE',
        status text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        zone text not null,
        wall_start text not null,
        wall_end text not null,
        mode text not null,
        place text not null,
        join_details text,
        chair_contact_id uuid,
        minute_taker_contact_id uuid,
        quorum_rule_id text not null,
        quorum_rule_version int not null,
        revision int not null default 1,
        calendar_uid text not null,
        calendar_sequence int not null default 0,
        last_stamped_at timestamptz,
        override_reason text,
        cancel_reason text,
        organiser_staff_id uuid not null,
        created_at timestamptz not null,
        constraint meeting_pk primary key (authority_id, id),
        constraint meeting_ref_unique unique (authority_id, ref),
        constraint meeting_uid_unique unique (authority_id, calendar_uid),
        constraint meeting_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint meeting_type_fk foreign key (authority_id, type_code) references meeting_type (authority_id, code),
        constraint meeting_rule_fk foreign key (authority_id, quorum_rule_id, quorum_rule_version)
          references quorum_rule (authority_id, id, rule_version),
        constraint meeting_chair_fk foreign key (authority_id, chair_contact_id) references contact (authority_id, id),
        constraint meeting_minute_taker_fk foreign key (authority_id, minute_taker_contact_id) references contact (authority_id, id),
        constraint meeting_organiser_fk foreign key (authority_id, organiser_staff_id) references staff (authority_id, id),
        constraint meeting_ends_after_start check (ends_at > starts_at),
        constraint meeting_minute_taker_is_not_chair check (minute_taker_contact_id is null or minute_taker_contact_id <> chair_contact_id),
        constraint meeting_scheduled_has_chair check (status not in ('SCHEDULED') or chair_contact_id is not null),
        constraint meeting_cancelled_has_reason check (status <> 'CANCELLED' or btrim(coalesce(cancel_reason, '')) <> ''),
        constraint meeting_status_known check (status in ('DRAFT','PROPOSED','SCHEDULED','IN_PROGRESS','HELD','ADJOURNED_INQUORATE','CANCELLED','CLOSED')),
        constraint meeting_mode_known check (mode in ('IN_PERSON','VIDEO','PHONE','HYBRID')),
        constraint meeting_urgency_known check (urgency in ('ROUTINE','URGENT','EMERGENCY')),
        constraint meeting_chair_free exclude using gist (authority_id with =, chair_contact_id with =,
          tstzrange(starts_at, ends_at, '[)') with &&) where (status = 'SCHEDULED' and override_reason is null)
      );
      create index meeting_upcoming on meeting (authority_id, starts_at, id);
      create index meeting_of_matter on meeting (authority_id, matter_id, starts_at);

      create table invitation (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        meeting_id uuid not null,
        matter_id uuid not null,
        contact_id uuid not null,
        post_id uuid,
        agency_id uuid not null,
        contact_key text not null,
        post_key text,
        agency_key text not null,
        address_key text not null,
        verdict text default 'may_know',
        role text not null,
        required text not null,
        status text not null,
        can_decide boolean not null,
        direct_involvement boolean not null default false,
        substitute_for uuid,
        sent_sequence int,
        asked_revision int not null default 1,
        answer text not null default 'NO_RESPONSE',
        answered_revision int,
        answered_at timestamptz,
        reply_hash bytea not null,
        reply_sealed bytea not null,
        created_at timestamptz not null,
        constraint invitation_pk primary key (authority_id, id),
        constraint invitation_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint invitation_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint invitation_contact_fk foreign key (authority_id, contact_id, address_key)
          references contact (authority_id, id, address_key) on update cascade,
        constraint invitation_post_fk foreign key (authority_id, post_id) references post (authority_id, id),
        constraint invitation_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint invitation_substitute_fk foreign key (authority_id, substitute_for) references invitation (authority_id, id),
        constraint invitation_verdict check (verdict = 'may_know'),
        constraint invitation_live_has_verdict check ((status in ('DRAFT','OPEN')) = (verdict is not null)),
        constraint invitation_keys check (contact_key = 'contact:' || contact_id and agency_key = 'agency:' || agency_id
          and (post_key is null) = (post_id is null) and (post_id is null or post_key = 'post:' || post_id)),
        constraint invitation_status_known check (status in ('DRAFT','OPEN','WITHDRAWN','SUPERSEDED','CLOSED')),
        constraint invitation_required_known check (required in ('BY_QUORUM','BY_COORDINATOR','NO')),
        constraint invitation_answer_known check (answer in ('NO_RESPONSE','ACCEPTED','TENTATIVE','DECLINED',
          'SUBSTITUTE_NAMED','REPORT_ONLY','NOT_ME','MOVED_ON'))
      );
      create unique index invitation_one_live on invitation (authority_id, meeting_id, contact_id) where status in ('DRAFT','OPEN');
      create index invitation_of_meeting on invitation (authority_id, meeting_id);
      create index invitation_of_contact on invitation (authority_id, contact_id);
      create index invitation_of_agency on invitation (authority_id, agency_id, meeting_id);
      create index invitation_reply on invitation (reply_hash);
      create index invitation_of_matter on invitation (authority_id, matter_id);

      create table response (
        authority_id int not null,
        id uuid not null,
        invitation_id uuid not null,
        meeting_id uuid not null,
        matter_id uuid not null,
        revision int not null,
        kind text not null,
        reason text,
        comment text,
        channel text not null,
        recorded_by text not null,
        said_by text,
        at timestamptz not null,
        stated_at timestamptz not null,
        link_id uuid,
        constraint response_pk primary key (authority_id, id),
        constraint response_invitation_fk foreign key (authority_id, invitation_id) references invitation (authority_id, id),
        constraint response_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint response_kind_known check (kind in ('ACCEPTED','TENTATIVE','DECLINED','SUBSTITUTE_NAMED','REPORT_ONLY',
          'SUGGESTED_TIME','NOT_ME','MOVED_ON')),
        constraint response_channel_known check (channel in ('LINK','CALENDAR_REPLY','PHONE','PARTNER')),
        constraint response_decline_reason check (kind <> 'DECLINED' or reason is not null)
      );
      create index response_of_invitation on response (authority_id, invitation_id, at);
      create index response_of_meeting on response (authority_id, meeting_id, at);

      create table attendance (
        authority_id int not null,
        id uuid not null,
        meeting_id uuid not null,
        matter_id uuid not null,
        contact_id uuid not null,
        agency_id uuid not null,
        category text not null,
        discipline text,
        status text not null,
        mode text,
        joined_at timestamptz,
        left_at timestamptz,
        can_decide boolean not null,
        substitute_for_contact_id uuid,
        recorded_by uuid not null,
        recorded_at timestamptz not null,
        supersedes_id uuid,
        note text,
        constraint attendance_pk primary key (authority_id, id),
        constraint attendance_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint attendance_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id),
        constraint attendance_agency_fk foreign key (authority_id, agency_id) references agency (authority_id, id),
        constraint attendance_supersedes_fk foreign key (authority_id, supersedes_id) references attendance (authority_id, id),
        constraint attendance_superseded_once unique (authority_id, supersedes_id),
        constraint attendance_left_after_joined check (left_at is null or joined_at is null or left_at > joined_at),
        constraint attendance_part_has_times check (status <> 'ATTENDED_PART' or joined_at is not null or left_at is not null),
        constraint attendance_status_known check (status in ('ATTENDED','ATTENDED_PART','SUBSTITUTE_ATTENDED','APOLOGIES','DNA',
          'APOLOGIES_WITH_REPORT','COULD_NOT_BE_CONTACTED','NOT_INVITED_BUT_ATTENDED','EXCLUDED_FOR_ITEM','NOT_RECORDED'))
      );
      create index attendance_of_meeting on attendance (authority_id, meeting_id, contact_id);

      create table action (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        ref text not null,
        meeting_id uuid not null,
        matter_id uuid not null,
        text text not null,
        owner_contact_id uuid not null,
        owner_post_id uuid,
        owner_agency_id uuid not null,
        contact_key text not null,
        address_key text not null,
        agency_key text not null,
        verdict text default 'may_know',
        owner_attended boolean not null default false,
        due_on date not null,
        priority text not null default 'NORMAL',
        status text not null,
        reason text,
        done_note text,
        settled_at timestamptz,
        created_at timestamptz not null,
        constraint action_pk primary key (authority_id, id),
        constraint action_ref_unique unique (authority_id, ref),
        constraint action_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint action_matter_fk foreign key (authority_id, matter_id) references matter (authority_id, id),
        constraint action_owner_fk foreign key (authority_id, owner_contact_id, address_key)
          references contact (authority_id, id, address_key) on update cascade,
        constraint action_post_fk foreign key (authority_id, owner_post_id) references post (authority_id, id),
        constraint action_agency_fk foreign key (authority_id, owner_agency_id) references agency (authority_id, id),
        constraint action_has_text check (btrim(text) <> ''),
        constraint action_verdict check (verdict = 'may_know'),
        constraint action_live_has_verdict check ((status in ('PROPOSED','ASSIGNED','ACCEPTED','QUERIED','IN_PROGRESS')) = (verdict is not null)),
        constraint action_keys check (contact_key = 'contact:' || owner_contact_id and agency_key = 'agency:' || owner_agency_id),
        constraint action_not_has_reason check (status not in ('NOT_POSSIBLE_CIRCUMSTANCES_CHANGED','NOT_DONE','QUERIED') or btrim(coalesce(reason, '')) <> ''),
        constraint action_status_known check (status in ('PROPOSED','ASSIGNED','ACCEPTED','QUERIED','IN_PROGRESS','DONE','VERIFIED',
          'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED','NOT_DONE','ORPHANED','CANCELLED'))
      );
      create index action_of_meeting on action (authority_id, meeting_id);
      create index action_of_owner on action (authority_id, owner_contact_id, due_on);
      create index action_due on action (authority_id, due_on, id) where status in ('PROPOSED','ASSIGNED','ACCEPTED','QUERIED','IN_PROGRESS','ORPHANED');
      create index action_of_agency on action (authority_id, owner_agency_id, due_on);
      create index action_of_matter on action (authority_id, matter_id);
    `);
    await runner.query(standingKeys('invitation', ['contact_key', 'post_key', 'agency_key', 'address_key']));
    await runner.query(standingKeys('action', ['contact_key', 'agency_key', 'address_key']));
    await this.policies(runner);
  }

  private async policies(runner: QueryRunner): Promise<void> {
    const changing = 'select, insert, update';
    for (const table of [
      { table: 'quorum_rule', grants: changing },
      { table: 'meeting_type', grants: changing },
      { table: 'matter', grants: changing, needToKnow: true },
      { table: 'standing', grants: changing, needToKnow: true },
      { table: 'exclusion', grants: changing, needToKnow: true },
      { table: 'meeting', grants: changing, needToKnow: true },
      { table: 'invitation', grants: changing, needToKnow: true },
      { table: 'response', grants: 'select, insert', needToKnow: true },
      { table: 'attendance', grants: 'select, insert', needToKnow: true },
      { table: 'action', grants: changing, needToKnow: true },
    ]) {
      await runner.query(tenantPolicies(table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table action, attendance, response, invitation, meeting, exclusion, standing, matter, meeting_type, quorum_rule',
    );
  }
}
