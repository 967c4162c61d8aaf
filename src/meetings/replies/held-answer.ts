/**
 * What a calendar program said in a message that waits for the coordinator: kept as it was read, so that it can be taken
 * as it stands once somebody has looked.
 */
import { type CalendarAnswer } from './reply.js';

export class HeldAnswer {
  authorityId: number;
  /** That of the message it came in. */
  id: string;
  matterId: string;
  invitationId: string;
  /** The address it names. */
  address: string | null = null;
  /** Null where it says none of the three. */
  answer: CalendarAnswer | null = null;
  sequence: number | null = null;
  statedAt: Date;
  comment: string | null = null;
  /** The time it proposes, and whom it passes the invitation on to. */
  startsAt: Date | null = null;
  endsAt: Date | null = null;
  delegate: string | null = null;
}
