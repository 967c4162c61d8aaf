import { Inject, Injectable } from '@nestjs/common';
import { type OwnItem } from '../access/link-pages.js';
import { type Visitor } from '../access/visitor.js';
import { formatSpan, wallTime } from '../authorities/civil-time.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotFound } from '../errors.js';
import { paths } from '../web/paths.js';
import { whyNotAsked } from './answer.js';
import { referenceOf } from './confirmations.service.js';
import { HOW, NEUTRAL_TITLE, placeOf } from './invitation-words.js';
import { Invitation } from './invitation.js';
import { joiningShownFrom, mayReadJoining } from './joining.js';
import { Meeting } from './meeting.js';

/** A person's own pages show a meeting for four weeks after it: this product's own number. */
const KEPT_MS = 28 * 24 * 60 * 60_000;

const OWN = `select i.id, i.answer, i.status, t.ref, m.status as meeting_status, m.starts_at, m.ends_at, m.zone, m.mode, m.place
  from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  join matter t on t.authority_id = i.authority_id and t.id = i.matter_id
  where i.authority_id = $1 and i.contact_id = $2 and i.status in ('OPEN', 'CLOSED', 'SUPERSEDED') and m.ends_at > $3
    and m.status <> 'DRAFT'
  order by m.starts_at, i.id limit 50`;

/** Who has said that they come to the meeting as it is now. */
const COMING = `select c.name, p.title as post, a.name as agency, s.name as "inPlaceOf" from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  left join post p on p.authority_id = i.authority_id and p.id = i.post_id
  left join invitation f on f.authority_id = i.authority_id and f.id = i.substitute_for
  left join contact s on s.authority_id = f.authority_id and s.id = f.contact_id
  where i.authority_id = $1 and i.meeting_id = $2 and i.status in ('OPEN', 'CLOSED') and i.answer = 'ACCEPTED'
    and i.answered_revision = m.revision
  order by a.name, c.name limit 200`;

const SUBSTITUTE = `select c.name from invitation i join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  where i.authority_id = $1 and i.substitute_for = $2 order by i.created_at desc, i.id desc limit 1`;

interface OwnRow {
  readonly id: string;
  readonly answer: Invitation['answer'];
  readonly status: Invitation['status'];
  readonly ref: string;
  readonly meeting_status: Meeting['status'];
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly zone: string;
  readonly mode: Meeting['mode'];
  readonly place: string;
}

export interface Attendee {
  readonly name: string;
  readonly post: string | null;
  readonly agency: string;
  readonly inPlaceOf: string | null;
}

/** One meeting as the person asked to it may see it, behind the code. */
export interface OwnMeeting {
  readonly invitation: Invitation;
  readonly meeting: Meeting;
  readonly reference: string;
  readonly when: string;
  readonly how: string;
  readonly where: string;
  /** Nobody is named to somebody who does not come any more. */
  readonly coming: readonly Attendee[] | null;
  readonly joinDetails: string | null;
  /** "Tuesday 1 December 2026" */
  readonly joiningFrom: string;
  /** Who comes in this person's place. */
  readonly substitute: string | null;
  /** An answer, and so a substitute, is still asked for. */
  readonly asks: boolean;
}

/** The meetings somebody without an account is asked to, on their own pages. */
@Injectable()
export class OwnMeetings {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /** Their meetings, the next one first, until four weeks after each. */
  async list(visitor: Visitor): Promise<OwnItem[]> {
    return this.work.run(visitor.actor, async (tx) => {
      const since = new Date(tx.now.getTime() - KEPT_MS);
      const rows = await tx.sql<OwnRow>(OWN, [tx.by.authorityId, visitor.contactId, since]);
      return rows.map((row) => ({
        href: paths.ownMeeting(row.id),
        title: `${NEUTRAL_TITLE} ${row.ref}`,
        lines: [`${formatSpan(row.starts_at, row.ends_at, row.zone)} (UK time)`, `${HOW[row.mode]}: ${placeOf(row)}`],
        status: row.meeting_status === 'CANCELLED' ? 'CANCELLED' : row.answer,
      }));
    });
  }

  /** One of them, by its invitation. Throws NotFound for anybody else's and four weeks after it. */
  async show(visitor: Visitor, invitationId: string): Promise<OwnMeeting> {
    return this.work.run(visitor.actor, async (tx) => {
      const invitation = await tx.find(Invitation, invitationId);
      const meeting = await tx.find(Meeting, invitation.meetingId);
      const over = meeting.endsAt.getTime() + KEPT_MS <= tx.now.getTime();
      if (invitation.contactId !== visitor.contactId || over) throw new NotFound();
      return this.described(tx, invitation, meeting);
    });
  }

  private async described(tx: Tx, invitation: Invitation, meeting: Meeting): Promise<OwnMeeting> {
    const { authorityId } = tx.by;
    const takesPart = invitation.status === 'OPEN' || invitation.status === 'CLOSED';
    const [substitute] = await tx.sql<{ name: string }>(SUBSTITUTE, [authorityId, invitation.id]);
    return {
      invitation,
      meeting,
      reference: await referenceOf(tx, invitation.matterId),
      when: `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)`,
      how: HOW[meeting.mode],
      where: placeOf(meeting),
      coming: takesPart ? await tx.sql<Attendee>(COMING, [authorityId, meeting.id]) : null,
      joinDetails: mayReadJoining(invitation, meeting, tx.now) ? meeting.joinDetails : null,
      joiningFrom: wallTime(joiningShownFrom(meeting), meeting.zone).longDate,
      substitute: invitation.status === 'SUPERSEDED' ? (substitute?.name ?? null) : null,
      asks: whyNotAsked(invitation, meeting, tx.now) === null,
    };
  }
}
