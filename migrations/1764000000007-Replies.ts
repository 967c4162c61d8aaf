import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/**
 * Answers that come back by email: what each entry of the ledger came in and why it may stand beside the one that counts,
 * other addresses of a contact, suggested times, and what a calendar said that waits for a coordinator.
 *
 * `asked_sequence` starts from the last request: an answer to an earlier one asks for another, which is the safe side.
 */
export class Replies1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table invitation add column asked_sequence int, add column away_noted_at timestamptz, add column away_until date;

      alter table response add column inbound_mail_id uuid, add column confidence text, add column via text,
        add column sequence int, add column reply_key text, add column set_aside text,
        drop constraint response_channel_known, drop constraint response_decline_reason,
        add constraint response_inbound_mail_fk foreign key (authority_id, inbound_mail_id) references inbound_mail (authority_id, id),
        add constraint response_channel_known check (channel in ('LINK','CALENDAR_REPLY','EMAIL','PHONE','PARTNER')),
        add constraint response_decline_reason check (kind <> 'DECLINED' or reason is not null or channel = 'CALENDAR_REPLY'),
        add constraint response_confidence_known check (confidence in ('HIGH','MEDIUM','LOW')),
        add constraint response_set_aside_known check (set_aside in ('EARLIER_TIME','OLDER_VERSION','MEETING_OVER','NOT_ASKED'));
      create unique index response_reply_once on response (authority_id, invitation_id, reply_key) where reply_key is not null;

      create table contact_alias (
        authority_id int not null,
        id uuid not null,
        contact_id uuid not null,
        address text not null,
        address_key text not null,
        added_by text not null,
        added_at timestamptz not null,
        constraint contact_alias_pk primary key (authority_id, id),
        constraint contact_alias_once unique (authority_id, contact_id, address_key),
        constraint contact_alias_contact_fk foreign key (authority_id, contact_id) references contact (authority_id, id)
      );

      create table proposal (
        authority_id int not null,
        id uuid not null,
        version int not null default 1,
        meeting_id uuid not null,
        matter_id uuid not null,
        invitation_id uuid not null,
        channel text not null,
        starts_at timestamptz,
        ends_at timestamptz,
        words text,
        revision int not null,
        inbound_mail_id uuid,
        state text not null,
        reason text,
        made_at timestamptz not null,
        settled_at timestamptz,
        constraint proposal_pk primary key (authority_id, id),
        constraint proposal_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint proposal_invitation_fk foreign key (authority_id, invitation_id) references invitation (authority_id, id),
        constraint proposal_inbound_mail_fk foreign key (authority_id, inbound_mail_id) references inbound_mail (authority_id, id),
        constraint proposal_channel_known check (channel in ('LINK','CALENDAR_REPLY','EMAIL','PHONE','PARTNER')),
        constraint proposal_state_known check (state in ('OPEN','ACCEPTED','REFUSED','OVERTAKEN')),
        constraint proposal_says_something check (starts_at is not null or btrim(coalesce(words, '')) <> ''),
        constraint proposal_ends_after_start check (ends_at is null or ends_at > starts_at),
        constraint proposal_refused_with_reason check (state <> 'REFUSED' or btrim(coalesce(reason, '')) <> '')
      );
      create index proposal_of_meeting on proposal (authority_id, meeting_id, made_at);
      create index proposal_of_invitation on proposal (authority_id, invitation_id);

      create table held_answer (
        authority_id int not null,
        id uuid not null,
        matter_id uuid not null,
        invitation_id uuid not null,
        address text,
        answer text,
        sequence int,
        stated_at timestamptz not null,
        comment text,
        starts_at timestamptz,
        ends_at timestamptz,
        delegate text,
        constraint held_answer_pk primary key (authority_id, id),
        constraint held_answer_mail_fk foreign key (authority_id, id) references inbound_mail (authority_id, id),
        constraint held_answer_invitation_fk foreign key (authority_id, invitation_id) references invitation (authority_id, id),
        constraint held_answer_known check (answer in ('ACCEPTED','DECLINED','TENTATIVE'))
      );
      create index held_answer_of_invitation on held_answer (authority_id, invitation_id);
    `);
    await runner.query(ASKED);
    for (const table of [
      { table: 'contact_alias', grants: 'select, insert' },
      { table: 'proposal', grants: 'select, insert, update', needToKnow: true },
      { table: 'held_answer', grants: 'select, insert', needToKnow: true },
    ]) {
      await runner.query(tenantPolicies(table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table held_answer, proposal, contact_alias;
      drop index response_reply_once;
      alter table response drop constraint response_inbound_mail_fk, drop constraint response_channel_known,
        drop constraint response_decline_reason, drop constraint response_confidence_known,
        drop constraint response_set_aside_known, drop column inbound_mail_id, drop column confidence, drop column via,
        drop column sequence, drop column reply_key, drop column set_aside,
        add constraint response_channel_known check (channel in ('LINK','CALENDAR_REPLY','PHONE','PARTNER')) not valid,
        add constraint response_decline_reason check (kind <> 'DECLINED' or reason is not null) not valid;
      alter table invitation drop column asked_sequence, drop column away_noted_at, drop column away_until;
    `);
  }
}

/** Authority by authority: without one the owner sees no rows either. */
const ASKED = `
  do $$
  declare v_authority int;
  begin
    for v_authority in select id from authority loop
      perform set_config('app.authority_id', v_authority::text, true);
      update invitation set asked_sequence = sent_sequence;
    end loop;
    perform set_config('app.authority_id', '', true);
  end $$`;
