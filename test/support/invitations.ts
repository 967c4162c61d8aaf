import { type DynamicModule, Module } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { AccessModule } from '../../src/access/access.module.js';
import { type Actor } from '../../src/access/actor.js';
import { AuthoritiesModule } from '../../src/authorities/authorities.module.js';
import { type Settings, SETTINGS } from '../../src/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { DirectoryModule } from '../../src/directory/directory.module.js';
import { HistoryModule } from '../../src/history/history.module.js';
import { Listeners } from '../../src/history/listeners.js';
import { MailModule } from '../../src/mail/mail.module.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { MattersModule } from '../../src/matters/matters.module.js';
import { type Placed } from './matters.js';
import { type TestService } from './service.js';

@Module({})
class UpToMatters {}

/** The service up to matters, so that a test can play what is above: write an invitation by hand, withdraw it. */
export function modulesUpToMatters(settings: Settings): DynamicModule {
  return {
    module: UpToMatters,
    global: true,
    providers: [{ provide: SETTINGS, useValue: settings }],
    exports: [SETTINGS],
    imports: [
      DatabaseModule,
      HistoryModule,
      MailModule,
      AccessModule,
      AuthoritiesModule,
      DirectoryModule,
      MattersModule,
    ],
  };
}

/** Withdraws live invitations of whoever is being excluded, as the meetings do. */
export function withdrawWhenExcluded(service: TestService): void {
  service.get(Listeners).on('exclusion.adding', async (tx, { matterId, details }) => {
    await tx.sql(
      `update invitation set status = 'WITHDRAWN', verdict = null where matter_id = $1 and verdict is not null
       and array[contact_key, coalesce(post_key, ''), agency_key, address_key] && $2::text[]`,
      [matterId, details.whos],
    );
  });
}

/** Writes an invitation row to a new meeting of the matter, after asking whether they may know unless told otherwise. */
export async function invite(
  service: TestService,
  by: Actor,
  matterId: string,
  who: Placed,
  { asking = true } = {},
): Promise<string> {
  const meetingId = await aMeetingRow(service, by, matterId);
  const id = randomUUID();
  await service.get(UnitOfWork).run(by, async (tx) => {
    const asked = { ...who, postIds: [who.postId] };
    if (asking) await service.get(ExclusionsService).mayKnow(tx, matterId, asked);
    await tx.sql(
      `insert into invitation (authority_id, id, meeting_id, matter_id, contact_id, post_id, agency_id, contact_key, post_key,
         agency_key, address_key, role, required, status, can_decide, reply_hash, reply_sealed, created_at)
       values ($1, $2, $3, $4, $5::uuid, $6::uuid, $7::uuid, 'contact:' || $5::uuid, 'post:' || $6::uuid, 'agency:' || $7::uuid, $8, 'ATTENDEE', 'NO', 'OPEN',
         true, $9, $9, now())`,
      [
        by.authorityId,
        id,
        meetingId,
        matterId,
        who.contactId,
        who.postId,
        who.agencyId,
        who.addressKey,
        randomBytes(32),
      ],
    );
  });
  return id;
}

/** Who is still invited to anything about the matter. */
export async function liveInvitations(
  service: TestService,
  matterId: string,
): Promise<{ contactId: string; key: string }[]> {
  return service.look(
    `select contact_id as "contactId", address_key as key from invitation where matter_id = $1 and verdict is not null`,
    [matterId],
  );
}

async function aMeetingRow(service: TestService, by: Actor, matterId: string): Promise<string> {
  const id = randomUUID();
  await service.look(
    `insert into meeting (authority_id, id, ref, matter_id, type_code, status, starts_at, ends_at, zone, wall_start, wall_end,
       mode, place, quorum_rule_id, quorum_rule_version, calendar_uid, organiser_staff_id, created_at)
     select $1, $2, $4, $3, 'ALLEGATION_MEETING', 'DRAFT', now(), now() + interval '1 hour', 'Europe/London', '', '', 'VIDEO', '',
       'quorum.allegation', 1, $4, id, now() from staff where authority_id = $1 order by id limit 1`,
    [by.authorityId, id, matterId, `meeting ${id}`],
  );
  return id;
}
