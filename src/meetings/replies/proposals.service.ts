import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotFound } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { Listeners } from '../../history/listeners.js';
import { Invitation } from '../invitation.js';
import { type ResponseChannel } from '../response.js';
import { mustRunMeetings } from '../running.js';
import { Proposal } from './proposal.js';
import { ReplyLetters } from './reply-letters.service.js';

/** A suggested time with who suggests it. */
export interface ProposalRow {
  readonly id: string;
  readonly version: number;
  readonly invitation_id: string;
  readonly name: string;
  readonly agency_name: string;
  readonly channel: ResponseChannel;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly words: string | null;
  readonly state: Proposal['state'];
  readonly reason: string | null;
  readonly made_at: Date;
}

const OF_MEETING = `select p.id, p.version, p.invitation_id, c.name, a.name as agency_name, p.channel, p.starts_at, p.ends_at,
    p.words, p.state, p.reason, p.made_at
  from proposal p
  join invitation i on i.authority_id = p.authority_id and i.id = p.invitation_id
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  where p.authority_id = $1 and p.meeting_id = $2 order by (p.state = 'OPEN') desc, p.made_at desc, p.id desc limit 100`;

const OPEN_OF_MEETING = `select id from proposal where authority_id = $1 and meeting_id = $2 and state = 'OPEN' order by id`;

const NEWEST_SUGGESTION = `select comment, channel, revision from response where authority_id = $1 and invitation_id = $2
  and kind = 'SUGGESTED_TIME' order by at desc, id desc limit 1`;

/** Suggested times of a meeting, whichever way they came. */
@Injectable()
export class ProposalsService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(ReplyLetters) private readonly letters: ReplyLetters,
  ) {}

  onModuleInit(): void {
    this.listeners.on('invitation.answered', (tx, change) => this.keepWords(tx, change));
    this.listeners.on('meeting.rescheduled', (tx, change) => this.meetingMoved(tx, change));
    for (const action of ['meeting.cancelled', 'meeting.started', 'meeting.held', 'meeting.adjourned']) {
      this.listeners.on(action, (tx, { object }) => this.follow(tx, object.slice('meeting:'.length), null));
    }
  }

  /** All of one meeting, the open ones first. */
  async of(tx: Tx, meetingId: string): Promise<ProposalRow[]> {
    return tx.sql<ProposalRow>(OF_MEETING, [tx.by.authorityId, meetingId]);
  }

  /** One of a meeting, to look at. Throws NotFound, NotAllowed. */
  async show(by: Actor, meetingId: string, id: string): Promise<ProposalRow> {
    mustRunMeetings(by);
    const found = await this.work.run(by, (tx) => this.of(tx, meetingId));
    const row = found.find((one) => one.id === id);
    if (row === undefined) throw new NotFound();
    return row;
  }

  /**
   * The meeting stays: whoever suggested the time is told so, with a link to answer by. Throws NotAllowed, NotFound,
   * OutOfDate, REASON_REQUIRED, MOVE_NOT_ALLOWED.
   */
  async refuse(by: Actor, id: string, given: { reason: string | null; seen: number }): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const { invitationId } = await tx.find(Proposal, id);
      const invitation = await tx.lock(Invitation, invitationId);
      const proposal = await tx.lock(Proposal, id, given.seen);
      const change = proposal.refuse(given.reason, tx.now);
      await tx.save(proposal);
      await tx.record({ ...change, agencyId: invitation.agencyId });
      await this.letters.sayItStays(tx, invitation, id);
    });
  }

  /** Words of the link's form or of a telephone call; a calendar's own proposal names its time and is kept as it comes. */
  private async keepWords(tx: Tx, { object, details, matterId }: Change): Promise<void> {
    if (details.kind !== 'SUGGESTED_TIME' || details.channel === 'CALENDAR_REPLY') return;
    const invitationId = object.slice('invitation:'.length);
    const [said] = await tx.sql<{ comment: string | null; channel: ResponseChannel; revision: number }>(
      NEWEST_SUGGESTION,
      [tx.by.authorityId, invitationId],
    );
    if (said === undefined || matterId === undefined || typeof details.meetingId !== 'string') return;
    const { comment: words, channel, revision } = said;
    const facts = { authorityId: tx.by.authorityId, id: newId(), meetingId: details.meetingId, matterId, invitationId };
    const proposal = Proposal.made({ ...facts, channel, words, revision, madeAt: tx.now });
    await tx.insert(Proposal, proposal);
    await tx.record(proposal.come());
  }

  /** A change of the room leaves suggestions of another time as they are. */
  private async meetingMoved(tx: Tx, { object, details }: Change): Promise<void> {
    const { startsAt, before } = details;
    const wasAt = typeof before === 'object' && before !== null && 'startsAt' in before ? before.startsAt : undefined;
    if (typeof startsAt !== 'string' || startsAt === wasAt) return;
    await this.follow(tx, object.slice('meeting:'.length), new Date(startsAt));
  }

  private async follow(tx: Tx, meetingId: string, startsAt: Date | null): Promise<void> {
    const rows = await tx.sql<{ id: string }>(OPEN_OF_MEETING, [tx.by.authorityId, meetingId]);
    for (const { id } of rows) {
      const proposal = await tx.lock(Proposal, id);
      const change = proposal.follow(startsAt, tx.now);
      await tx.save(proposal);
      await tx.record(change);
    }
  }
}
