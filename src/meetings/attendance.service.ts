import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ContactsService } from '../directory/contacts.service.js';
import { DirectoryService } from '../directory/directory.service.js';
import { type PersonInPost } from '../directory/person-in-post.js';
import { NotAllowed, OutOfDate, RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { Attendance, CAME, prefill, standingRegister } from './attendance.js';
import * as store from './attendance.store.js';
import { ForecastService } from './forecast.service.js';
import { type Invitation } from './invitation.js';
import { MeetingSections } from './meeting-sections.js';
import { Meeting } from './meeting.js';
import { type MeetingStatus } from './meeting-status.js';
import {
  type AttendedQuorum,
  attendedQuorum,
  type ComesFrom,
  lineOf,
  type SentLine,
  writeRegister,
} from './register.js';
import { mustSeeMeetings } from './running.js';

/** One line of the register with who it is about. */
export interface RegisterRow extends SentLine {
  readonly name: string;
  readonly agencyName: string;
  readonly postTitle: string | null;
}

/** An entry as it was before somebody corrected it. */
export interface SupersededRow extends RegisterRow {
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

export interface RegisterView {
  readonly meeting: Meeting;
  readonly matterRef: string;
  /** How many entries there were: sent back with the register, to notice that somebody else was first. */
  readonly seenEntries: number;
  /** What stands, or what the answers foretell while nothing was recorded. */
  readonly rows: readonly RegisterRow[];
  readonly superseded: readonly SupersededRow[];
  /** Null while nothing was recorded. */
  readonly quorum: AttendedQuorum | null;
  /** Why nothing can be recorded now, in a sentence; null when it can. */
  readonly whyNot: string | null;
  readonly lastRecorded: { readonly by: string; readonly at: Date } | null;
}

/** A register as it is sent. */
export interface RegisterSent {
  /** The meeting's version and the number of entries that the page showed. */
  readonly version: number;
  readonly seenEntries: number;
  readonly lines: readonly SentLine[];
}

/** States in which the meeting is over and its register may still be put right. */
const OVER: readonly MeetingStatus[] = ['HELD', 'ADJOURNED_INQUORATE', 'CLOSED'];

const SEARCH_LIMIT = 20;

/** Who came: one register for each meeting, sent whole, corrected beside what it supersedes. */
@Injectable()
export class AttendanceService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(ForecastService) private readonly forecasts: ForecastService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(MeetingSections) private readonly sections: MeetingSections,
  ) {}

  onModuleInit(): void {
    this.sections.register('Who came', async (by, meetingId) => {
      const { quorum, rows, whyNot } = await this.register(by, meetingId);
      const came = new Set(rows.filter((row) => CAME.includes(row.status)).map((row) => row.name));
      return { view: 'meetings/views/of-attendance.njk', locals: { quorum, whyNot, meetingId, came: [...came] } };
    });
  }

  /** The register as it stands, or as the answers foretell it. Throws NotFound. */
  async register(by: Actor, meetingId: string): Promise<RegisterView> {
    mustSeeMeetings(by);
    return this.work.run(by, async (tx) => this.view(tx, await tx.find(Meeting, meetingId)));
  }

  /** People of the directory who may have come without an invitation, by part of a name. */
  async search(by: Actor, part: string): Promise<PersonInPost[]> {
    requireCoordinator(by);
    if (part.trim() === '') return [];
    const found = await this.work.run(by, (tx) => this.directory.search(tx, { part, limit: SEARCH_LIMIT }));
    return found.people;
  }

  /** Those people as they would stand in the register; ids of nobody are left out. */
  async joining(by: Actor, contactIds: readonly string[]): Promise<RegisterRow[]> {
    requireCoordinator(by);
    const people = await this.work.run(by, (tx) => this.directory.findForInviting(tx, chosen(contactIds)));
    return people.map((person) => ({
      contactId: person.contactId,
      name: person.name,
      agencyName: person.agencyName ?? '',
      postTitle: person.postTitle,
      entryId: null,
      status: 'NOT_INVITED_BUT_ATTENDED',
      mode: null,
      joinedAt: null,
      leftAt: null,
      canDecide: person.canDecide,
      substituteForContactId: null,
      note: null,
    }));
  }

  /**
   * Records who came, or corrects it; the first time this holds the meeting and ends its invitations. Throws
   * MEETING_NOT_STARTED, MOVE_NOT_ALLOWED, INTERVAL_INVALID, INTERVALS_OVERLAP, REQUIRED, NOTHING_CHANGED, OutOfDate.
   */
  async record(by: Actor, meetingId: string, sent: RegisterSent): Promise<RegisterView> {
    requireCoordinator(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.lock(Meeting, meetingId, sent.version);
      const register = await store.entriesOf(tx, meetingId);
      if (register.length !== sent.seenEntries) throw new OutOfDate('Somebody else has recorded who came');
      const invitations = await store.invitationsOf(tx, meetingId);
      await this.hold(tx, meeting, invitations);
      const entries = writeRegister(sent.lines, {
        meeting,
        register,
        comesFrom: await this.comesFrom(tx, meetingId, sent.lines),
        recordedBy: by.id,
        recordedAt: tx.now,
        ids: sent.lines.map(() => newId()),
      });
      await tx.insert(Attendance, ...entries);
      await this.verify(tx, entries);
      const view = await this.view(tx, meeting);
      await tx.record(recorded(meeting, entries, view));
      return view;
    });
  }

  /** Whether the meeting was quorate, from the register; null while nothing was recorded. Throws NotFound. */
  async quorum(tx: Tx, meeting: Meeting): Promise<AttendedQuorum | null> {
    const register = await store.entriesOf(tx, meeting.id);
    if (register.length === 0) return null;
    const { facts } = await store.matterOf(tx, meeting.matterId);
    const rule = await this.forecasts.rule(tx, meeting);
    const invitations = await store.invitationsOf(tx, meeting.id);
    return attendedQuorum(meeting, { rule, facts }, register, invitations);
  }

  private async hold(tx: Tx, meeting: Meeting, invitations: readonly Invitation[]): Promise<void> {
    if (!OVER.includes(meeting.status)) {
      const held = meeting.hold(tx.now);
      await tx.save(meeting);
      await tx.record(held);
    }
    for (const invitation of invitations.filter((one) => one.status === 'OPEN')) {
      const closed = invitation.close();
      await tx.save(invitation);
      await tx.record(closed);
    }
  }

  private async view(tx: Tx, meeting: Meeting): Promise<RegisterView> {
    const register = await store.entriesOf(tx, meeting.id);
    const people = await store.peopleOf(tx, meeting.id);
    const staff = await store.staffNames(tx, [...new Set(register.map((entry) => entry.recordedBy))]);
    const standing = standingRegister(register);
    const isStanding = new Set(standing.map((entry) => entry.id));
    const foretold = async () => prefill(await store.invitationsOf(tx, meeting.id), meeting.mode);
    const lines = register.length > 0 ? standing.map(sentAs) : await foretold();
    const last = register.at(-1);
    return {
      meeting,
      matterRef: (await store.matterOf(tx, meeting.matterId)).ref,
      seenEntries: register.length,
      rows: lines.map((line) => rowOf({ entryId: null, ...line }, people)).sort(byName),
      superseded: register
        .filter((entry) => !isStanding.has(entry.id))
        .map((entry) => {
          const { recordedAt } = entry;
          return {
            ...rowOf(sentAs(entry), people),
            recordedAt,
            recordedBy: staff.get(entry.recordedBy) ?? '',
          };
        }),
      quorum: await this.quorum(tx, meeting),
      whyNot: whyNot(meeting, tx.now),
      lastRecorded: last ? { by: staff.get(last.recordedBy) ?? '', at: last.recordedAt } : null,
    };
  }

  private async comesFrom(tx: Tx, meetingId: string, lines: readonly SentLine[]): Promise<Map<string, ComesFrom>> {
    const known = await store.peopleOf(tx, meetingId);
    const unknown = lines.map((line) => line.contactId).filter((contactId) => !known.has(contactId));
    const from = new Map<string, ComesFrom>();
    for (const { contactId, agencyId, category, discipline } of [...known.values()]) {
      from.set(contactId, { agencyId, category, discipline });
    }
    for (const { contactId, agencyId, category, discipline } of await this.directory.findForInviting(
      tx,
      chosen(unknown),
    )) {
      if (agencyId !== null && category !== null) from.set(contactId, { agencyId, category, discipline });
    }
    return from;
  }

  /** Somebody who came is where the directory says they are. */
  private async verify(tx: Tx, entries: readonly Attendance[]): Promise<void> {
    const came = entries.filter((entry) => entry.supersedesId === null && CAME.includes(entry.status));
    const contactIds = [...new Set(came.map((entry) => entry.contactId))].sort();
    for (const contactId of contactIds) await this.contacts.verifyIn(tx, contactId, 'ATTENDED');
  }
}

function requireCoordinator(by: Actor): void {
  if (!coordinates(by)) throw new NotAllowed('You cannot record who came', 'A coordinator can');
}

/** What holding the meeting now would be refused with, tried on a copy. */
function whyNot(meeting: Meeting, now: Date): string | null {
  if (OVER.includes(meeting.status)) return null;
  try {
    Object.assign(new Meeting(), meeting).hold(now);
    return null;
  } catch (error) {
    if (error instanceof RuleBroken) return error.message;
    throw error;
  }
}

function chosen(contactIds: readonly string[]): { contactId: string }[] {
  return contactIds.map((contactId) => ({ contactId }));
}

function byName(one: RegisterRow, other: RegisterRow): number {
  const byTime = (one.joinedAt?.getTime() ?? 0) - (other.joinedAt?.getTime() ?? 0);
  return one.name.localeCompare(other.name) || byTime;
}

/** An entry as a browser or a program would send it back. */
function sentAs(entry: Attendance): SentLine {
  return { ...lineOf(entry), entryId: entry.id };
}

function rowOf(line: SentLine, people: ReadonlyMap<string, store.RegisterPerson>): RegisterRow {
  const person = people.get(line.contactId);
  return {
    ...lineOf(line),
    entryId: line.entryId,
    name: person?.name ?? '',
    agencyName: person?.agencyName ?? '',
    postTitle: person?.postTitle ?? null,
  };
}

function recorded(meeting: Meeting, entries: readonly Attendance[], view: RegisterView): Change {
  const corrections = entries.filter((entry) => entry.supersedesId !== null).length;
  const came = view.rows.filter((row) => CAME.includes(row.status)).map((row) => row.contactId);
  const { start, end, metFrom = null } = view.quorum ?? {};
  const quorum = { start: start?.result, end: end?.result, metFrom: metFrom?.toISOString() ?? null };
  const details = { entries: entries.length, corrections, came: [...new Set(came)], quorum };
  return { action: 'attendance.recorded', object: `meeting:${meeting.id}`, details, matterId: meeting.matterId };
}
