/** The service in a process of its own, which does for the driver what a coordinator does on the pages. */
import 'reflect-metadata';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Actor } from '../src/access/actor.js';
import { AppModule } from '../src/app.module.js';
import { readSettings, type Settings } from '../src/config.js';
import { UnitOfWork } from '../src/database/unit-of-work.js';
import { NotAllowed, NotFound, OutOfDate, RuleBroken } from '../src/errors.js';
import { InboundMailServer } from '../src/mail/inbound/inbound-mail-server.js';
import { Rounds } from '../src/mail/inbound/rounds.js';
import { MattersService } from '../src/matters/matters.service.js';
import { ChangesService } from '../src/meetings/changes.service.js';
import { InvitationsService } from '../src/meetings/invitations.service.js';
import { type Meeting } from '../src/meetings/meeting.js';
import { SchedulingService } from '../src/meetings/scheduling.service.js';
import { type SlotPlan } from '../src/meetings/slot.js';
import {
  type Deed,
  type DeedAnswer,
  type DeedAsked,
  type Outcome,
  type PointsAsked,
  type TakeAnswers,
} from './words.js';

const REASON = 'Everybody knows of each other’s diaries';

function slotOf(date: string, mark: string): SlotPlan {
  return { date, from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO', joinDetails: mark };
}

function outcomeOf(meeting: Meeting): Outcome {
  const { id, calendarUid: uid, calendarSequence: sequence, version } = meeting;
  return { id, uid, sequence, version };
}

const INVITATION = `select id from invitation where authority_id = $1 and meeting_id = $2 and contact_id = $3 and status = 'OPEN'`;

class Service {
  constructor(
    private readonly app: INestApplicationContext,
    private readonly settings: Settings,
  ) {}

  /**
   * Begins to take in and to read what people answer, as a process with the worker's role does when it starts; answers
   * the port. What else such a process does by the clock would be counted among the points.
   */
  async takeAnswers(): Promise<number> {
    const server = this.app.get(InboundMailServer, { strict: false });
    this.app.get(Rounds, { strict: false }).start();
    await server.listen(this.settings.inbound.port ?? 0);
    return server.port ?? 0;
  }

  async do(by: Actor, deed: Deed): Promise<Outcome> {
    switch (deed.kind) {
      case 'open a matter':
        return this.open(by);
      case 'schedule':
        return outcomeOf(await this.schedule(by, deed));
      case 'move': {
        const to = { slot: slotOf(deed.date, deed.mark), version: deed.version, overrideReason: REASON };
        return outcomeOf(await this.app.get(ChangesService, { strict: false }).reschedule(by, deed.meetingId, to));
      }
      case 'cancel': {
        const changes = this.app.get(ChangesService, { strict: false });
        return outcomeOf(await changes.cancel(by, deed.meetingId, 'Not needed any more', deed.version));
      }
      case 'withdraw':
        return this.withdraw(by, deed);
    }
  }

  private async open(by: Actor): Promise<Outcome> {
    const matter = await this.app.get(MattersService, { strict: false }).open(by, {
      kind: 'ALLEGATION',
      sensitivity: 'STANDARD',
      neutralTitle: 'Enquiry 14, north team',
      coordinatorId: by.id,
      facts: ['POSSIBLE_OFFENCE'],
      externalIds: [],
    });
    return { id: matter.id, uid: '', sequence: 0, version: matter.version };
  }

  private async schedule(by: Actor, deed: Extract<Deed, { kind: 'schedule' }>): Promise<Meeting> {
    const [chair = null, ...others] = deed.contacts;
    return this.app.get(SchedulingService, { strict: false }).schedule(by, {
      matterId: deed.matterId,
      typeCode: 'ALLEGATION_MEETING',
      slot: slotOf(deed.date, deed.mark),
      chairContactId: chair,
      invitees: others.map((contactId) => ({ contactId })),
      overrideReason: REASON,
    });
  }

  private async withdraw(by: Actor, deed: Extract<Deed, { kind: 'withdraw' }>): Promise<Outcome> {
    const { meetingId, contactId } = deed;
    const work = this.app.get(UnitOfWork, { strict: false });
    const [invitation] = await work.run(by, (tx) =>
      tx.sql<{ id: string }>(INVITATION, [by.authorityId, meetingId, contactId]),
    );
    if (invitation === undefined) throw new NotFound();
    await this.app.get(InvitationsService, { strict: false }).withdraw(by, meetingId, invitation.id);
    return { id: meetingId, uid: '', sequence: -1, version: -1 };
  }
}

const refusals = [RuleBroken, NotFound, NotAllowed, OutOfDate];

async function answerTo(service: Service, { n, by, deed }: DeedAsked): Promise<DeedAnswer> {
  try {
    return { n, done: await service.do(by, deed) };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return refusals.some((kind) => error instanceof kind) ? { n, refused: why } : { n, unknown: why };
  }
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, { folder: process.env.QUORATE_FOLDER ?? '' });
  const app = await NestFactory.createApplicationContext(AppModule.with(settings), {
    logger: false,
    abortOnError: false,
  });
  const service = new Service(app, settings);
  process.on('message', (asked: DeedAsked | TakeAnswers | PointsAsked) => {
    if ('take' in asked) void service.takeAnswers().then((port) => process.send?.({ port }));
    else if ('deed' in asked) void answerTo(service, asked).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
