import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates } from '../../access/actor.js';
import { Sealing } from '../../database/sealing.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotAllowed, NotFound, RuleBroken } from '../../errors.js';
import { actionWords, actorName } from '../../history/event-words.js';
import { Dispatcher } from '../dispatcher.js';
import { type AttemptOutcome, type MessagePurpose, type MessageState } from '../message.js';
import { type Contents, contentsOf } from './contents.js';
import { MAY_TRY_AGAIN } from './message-words.js';
import {
  ATTEMPTS,
  CAUSES,
  LOCK,
  OF_MEETING,
  ONE,
  OVERTAKEN,
  STOP,
  STOP_OF_MEETING,
  TROUBLED,
  TRY_AGAIN,
} from './messages.sql.js';

/** One message in a list. */
export interface MessageLine {
  readonly id: string;
  readonly purpose: MessagePurpose;
  readonly subject: string;
  readonly to_address: string;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly not_before: Date;
  readonly possible_repeats: number;
  readonly contact_name: string | null;
  readonly bounce_kind: 'HARD' | 'SOFT' | 'UNCLEAR' | null;
}

/** One message, with whom and what it is about. */
export interface MessageRow extends MessageLine {
  readonly stream: string;
  readonly ordinal: string;
  readonly message_id: string;
  readonly attempts: number;
  readonly sealed_bytes: Buffer | null;
  readonly matter_id: string | null;
  readonly meeting_id: string | null;
  readonly contact_id: string | null;
  readonly meeting_ref: string | null;
  readonly matter_ref: string | null;
  readonly bounced_at: Date | null;
  readonly bounce_reason: string | null;
}

export interface Attempt {
  readonly attempt: number;
  readonly began_at: Date;
  readonly ended_at: Date | null;
  readonly outcome: AttemptOutcome;
  readonly answer: string | null;
}

/** A message as its page shows it. */
export interface ShownMessage {
  readonly message: Omit<MessageRow, 'sealed_bytes'>;
  readonly attempts: readonly Attempt[];
  /** What was done when it was made: "Meeting scheduled", by whom. */
  readonly causes: readonly { readonly what: string; readonly actor: string }[];
  /** Nothing for a code, which is for the recipient's eyes. */
  readonly contents: Contents | undefined;
  readonly mayTryAgain: boolean;
  readonly mayStop: boolean;
}

interface Locked {
  readonly state: MessageState;
  readonly reason: string | null;
  readonly purpose: MessagePurpose;
  readonly stream: string;
  readonly ordinal: string;
  readonly attempts: number;
  readonly matter_id: string | null;
  readonly meeting_id: string | null;
  readonly contact_id: string | null;
}

const TWO_WEEKS_MS = 14 * 24 * 3_600_000;

/** Messages as people look at them, and what they may still do with one: stop it, or try it again. */
@Injectable()
export class Messages {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
  ) {}

  /** Everything about one message; only for those who may know of its matter. Throws NotFound. */
  async show(by: Actor, id: string): Promise<ShownMessage> {
    return this.work.run(by, async (tx) => {
      const [row] = await tx.sql<MessageRow>(ONE, [by.authorityId, id]);
      if (row === undefined) throw new NotFound();
      const { sealed_bytes: sealed, ...message } = row;
      const causes = await tx.sql<{ action: string; actor: string }>(CAUSES, [
        by.authorityId,
        row.created_at,
        row.matter_id,
        row.meeting_id,
        row.contact_id,
      ]);
      const isOver = await this.isOvertaken(tx, row);
      const isSecret = row.purpose === 'CODE' || sealed === null;
      return {
        message,
        attempts: await tx.sql<Attempt>(ATTEMPTS, [by.authorityId, id]),
        causes: causes.map(({ action, actor }) => ({ what: actionWords(action), actor: actorName(actor) })),
        contents: isSecret ? undefined : await contentsOf(this.sealing.open(sealed, `${by.authorityId}|message|${id}`)),
        mayTryAgain: coordinates(by) && !isOver && canTryAgain(row),
        mayStop: coordinates(by) && row.state === 'PENDING',
      };
    });
  }

  /** The messages of a meeting, newest first. */
  async ofMeeting(by: Actor, meetingId: string): Promise<MessageLine[]> {
    return this.work.run(by, (tx) => tx.sql<MessageLine>(OF_MEETING, [by.authorityId, meetingId]));
  }

  /** Messages of the last two weeks that may be missing, came back or may have arrived twice. */
  async troubled(by: Actor): Promise<MessageLine[]> {
    return this.work.run(by, (tx) =>
      tx.sql<MessageLine>(TROUBLED, [by.authorityId, new Date(tx.now.getTime() - TWO_WEEKS_MS)]),
    );
  }

  /** Ends a message that has not left; throws MOVE_NOT_ALLOWED when it has, or is on its way. */
  async stop(by: Actor, id: string): Promise<void> {
    mustCoordinate(by);
    await this.work.run(by, async (tx) => {
      const message = await this.lock(tx, id);
      if (message.state !== 'PENDING') {
        throw new RuleBroken('MOVE_NOT_ALLOWED', 'It is too late to stop this message: it has left, or is on its way');
      }
      await tx.sql(STOP, [by.authorityId, id]);
      await record(tx, 'message.stopped', id, message);
    });
  }

  /** Ends everything about a meeting that has not left, and answers how many messages those were. */
  async stopAllOf(by: Actor, meetingId: string): Promise<number> {
    mustCoordinate(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.sql<{ matter_id: string }>(MATTER_OF, [by.authorityId, meetingId]);
      const [first] = meeting;
      if (first === undefined) throw new NotFound();
      const [rows] = await tx.sql<{ id: string; contact_id: string | null }[]>(STOP_OF_MEETING, [
        by.authorityId,
        meetingId,
      ]);
      for (const { id, contact_id } of rows ?? []) {
        await record(tx, 'message.stopped', id, { matter_id: first.matter_id, meeting_id: meetingId, contact_id });
      }
      return rows?.length ?? 0;
    });
  }

  /** Lets a message that was given up be tried eight times more; throws MOVE_NOT_ALLOWED where that makes no sense. */
  async tryAgain(by: Actor, id: string): Promise<void> {
    mustCoordinate(by);
    await this.work.run(by, async (tx) => {
      const message = await this.lock(tx, id);
      if (!canTryAgain(message)) {
        throw new RuleBroken('MOVE_NOT_ALLOWED', 'Only a message that was refused or given up can be tried again');
      }
      if (await this.isOvertaken(tx, message)) {
        throw new RuleBroken('MOVE_NOT_ALLOWED', 'A newer message to this person has taken its place');
      }
      await tx.sql(TRY_AGAIN, [by.authorityId, id, tx.now]);
      await record(tx, 'message.tried-again', id, message);
      tx.afterCommit(() => {
        this.dispatcher.wake();
      });
    });
  }

  private async lock(tx: Tx, id: string): Promise<Locked> {
    const [message] = await tx.sql<Locked>(LOCK, [tx.by.authorityId, id]);
    if (message === undefined) throw new NotFound();
    return message;
  }

  private async isOvertaken(tx: Tx, message: { stream: string; ordinal: string }): Promise<boolean> {
    return (await tx.sql(OVERTAKEN, [tx.by.authorityId, message.stream, message.ordinal])).length > 0;
  }
}

const MATTER_OF = 'select matter_id from meeting where authority_id = $1 and id = $2';

const canTryAgain = ({ state, reason }: { state: MessageState; reason: string | null }): boolean =>
  state === 'DEAD' && MAY_TRY_AGAIN.includes(reason ?? '');

function mustCoordinate(by: Actor): void {
  if (!coordinates(by)) throw new NotAllowed('You cannot change messages with your account', 'A coordinator can');
}

async function record(
  tx: Tx,
  action: string,
  id: string,
  of: Pick<Locked, 'matter_id' | 'meeting_id' | 'contact_id'>,
): Promise<void> {
  await tx.record({
    action,
    object: `message:${id}`,
    details: { meetingId: of.meeting_id, contactId: of.contact_id },
    ...(of.matter_id === null ? {} : { matterId: of.matter_id }),
  });
}
