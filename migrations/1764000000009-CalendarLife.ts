import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { tenantPolicies } from '../src/database/tenant-policies.js';

/**
 * What each calendar message says to one diary, so that the next one is decided by what the invitee was last told; and
 * meetings that follow one another in a series. Messages from before are taken to say what their meeting says now.
 */
export class CalendarLife1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table diary_entry (
        authority_id int not null,
        message_id uuid not null,
        invitation_id uuid not null,
        meeting_id uuid not null,
        matter_id uuid not null,
        kind text not null,
        sequence int not null,
        revision int not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        zone text not null,
        mode text not null,
        place text not null,
        -- a fingerprint of the joining details, which stand in no message
        joining text,
        is_hold boolean not null,
        part text not null,
        constraint diary_entry_pk primary key (authority_id, message_id),
        constraint diary_entry_message_fk foreign key (authority_id, message_id) references message (authority_id, id),
        constraint diary_entry_invitation_fk foreign key (authority_id, invitation_id) references invitation (authority_id, id),
        constraint diary_entry_meeting_fk foreign key (authority_id, meeting_id) references meeting (authority_id, id),
        constraint diary_entry_kind_known check (kind in ('REQUEST','CANCEL','WITHDRAW')),
        constraint diary_entry_part_known check (part in ('CHAIR','REQ-PARTICIPANT','OPT-PARTICIPANT'))
      );
      create index diary_entry_of_meeting on diary_entry (authority_id, meeting_id);
      create index diary_entry_of_invitation on diary_entry (authority_id, invitation_id);
      ${tenantPolicies({ table: 'diary_entry', grants: 'select, insert', needToKnow: true })}

      alter table meeting add column series_id uuid, add column series_number int;
      alter table meeting add constraint meeting_series_both check ((series_id is null) = (series_number is null));
      alter table meeting add constraint meeting_series_number_unique unique (authority_id, series_id, series_number);
    `);
    await runner.query(`
      do $$
      declare v_authority int;
      begin
        for v_authority in select id from authority loop
          perform set_config('app.authority_id', v_authority::text, true);
          insert into diary_entry (authority_id, message_id, invitation_id, meeting_id, matter_id, kind, sequence, revision,
              starts_at, ends_at, zone, mode, place, joining, is_hold, part)
            select m.authority_id, m.id, i.id, t.id, t.matter_id,
              case m.purpose when 'CANCELLATION' then 'CANCEL' when 'WITHDRAWAL' then 'WITHDRAW' else 'REQUEST' end,
              t.calendar_sequence, t.revision, t.starts_at, t.ends_at, t.zone, t.mode, t.place,
              encode(sha256(convert_to(t.join_details, 'UTF8')), 'hex'), false,
              case when i.role = 'CHAIR' then 'CHAIR'
                when i.required = 'NO' and i.role <> 'MINUTE_TAKER' then 'OPT-PARTICIPANT' else 'REQ-PARTICIPANT' end
            from message m
            join meeting t on t.authority_id = m.authority_id and t.id = m.meeting_id
            join lateral (select * from invitation n where n.authority_id = m.authority_id and n.meeting_id = m.meeting_id
              and n.contact_id = m.contact_id order by n.created_at desc, n.id desc limit 1) i on true
            where m.purpose in ('INVITATION', 'UPDATE', 'CANCELLATION', 'WITHDRAWAL');
        end loop;
        perform set_config('app.authority_id', '', true);
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table meeting drop constraint meeting_series_number_unique;
      alter table meeting drop constraint meeting_series_both;
      alter table meeting drop column series_id, drop column series_number;
      drop table diary_entry;
    `);
  }
}
