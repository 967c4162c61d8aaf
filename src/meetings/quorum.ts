/**
 * Whether enough agencies are, or will be, in the room. Quorum counts agency categories present with authority to decide,
 * not heads: Working Together to Safeguard Children asks that those who come are senior enough to decide for their agency.
 * A person in two roles counts once; a substitute counts for the agency; the chair for theirs; the minute taker not at all.
 * A place that asks for a discipline (a paediatrician in a matter of fabricated illness) says who must come from a
 * category and is no further agency, so the same person fills both. The "others" of a conference rule are categories, or
 * disciplines where the rule counts those, and may be the same people who fill a named place unless the rule says who is
 * never among them. A forecast is MET when every place has somebody who accepted and can decide, NOT_MET when some place
 * has nobody left to ask, and AT_RISK in between: not sure, not answered, or coming without authority.
 */
import { type AgencyCategory } from '../directory/agency-category.js';
import { type AttendanceStatus } from './attendance.js';
import { type InvitationRole } from './invitation.js';
import { type Alternative, placeLabel, type QuorumRule, type Requirement, requirementsFor } from './quorum-rule.js';
import { type AnswerKind } from './response.js';
import { fill, type Hall } from './seating.js';

/** A person's place at the table, as quorum sees it. Somebody with two roles has two seats with one `personKey`. */
export interface Seat {
  readonly personKey: string;
  readonly agencyKey: string;
  readonly category: AgencyCategory;
  readonly discipline: string | null;
  readonly role: InvitationRole;
  readonly canDecide: boolean;
  readonly isMinuteTaker: boolean;
  readonly directInvolvement: boolean;
}

/** Somebody asked, with the answer that counts for the meeting as it is now. Leave out places withdrawn or superseded. */
export interface AskedSeat extends Seat {
  readonly answer: AnswerKind;
}

/** Somebody's attendance; null times mean from the start and to the end. */
export interface Presence extends Seat {
  readonly status: AttendanceStatus;
  readonly joinedAt: Date | null;
  readonly leftAt: Date | null;
}

export type PlaceState = 'CONFIRMED' | 'AWAITED' | 'MISSING';

export interface PlaceResult {
  readonly key: string;
  readonly label: string;
  readonly state: PlaceState;
  /** Who fills it, or who is waited for; sorted. */
  readonly by: readonly string[];
  /** One sentence for the board. */
  readonly reason: string;
}

export interface QuorumResult {
  readonly result: 'MET' | 'AT_RISK' | 'NOT_MET';
  readonly requirements: readonly PlaceResult[];
  /** Keys of the places that nobody can fill. */
  readonly missing: readonly string[];
  /** When only others are short and the rule lets the chair go on with fewer: on what condition. */
  readonly chairMayProceed: string | null;
  readonly ruleId: string;
  readonly ruleVersion: number;
}

/** How much a seat is worth: it fills a place, may come to fill it, or cannot (and why). */
interface Weighed {
  readonly seat: Seat;
  readonly worth: 'FILLS' | 'MAY_FILL' | 'CANNOT';
  readonly because: string;
}

/** What the answers promise. `facts` are the matter's (POSSIBLE_OFFENCE, S47 ...). The order of the seats does not matter. */
export function forecast(rule: QuorumRule, facts: readonly string[], seats: readonly AskedSeat[]): QuorumResult {
  const weighed = withoutMinuteTakers(seats).map((asked) => promised(asked, rule));
  return judge(rule, requirementsFor(rule, facts), weighed, 'nobody asked');
}

/** Who is present at one moment, both ends of an interval included: MET or NOT_MET, never AT_RISK. */
export function evaluate(
  rule: QuorumRule,
  facts: readonly string[],
  presences: readonly Presence[],
  at: Date,
): QuorumResult {
  const weighed = withoutMinuteTakers(presences).map((presence) => seen(presence, rule, at));
  return judge(rule, requirementsFor(rule, facts), weighed, 'nobody present');
}

/** The first moment of a meeting at which it was quorate, or null if it never was. */
export function quorateFrom(
  rule: QuorumRule,
  facts: readonly string[],
  presences: readonly Presence[],
  meeting: { readonly startsAt: Date; readonly endsAt: Date },
): Date | null {
  const arrivals = presences.map((presence) => presence.joinedAt).filter((joined) => joined !== null);
  const moments = [meeting.startsAt, ...arrivals.filter((joined) => joined > meeting.startsAt)];
  moments.sort((a, b) => a.getTime() - b.getTime());
  return moments.find((at) => evaluate(rule, facts, presences, at).result === 'MET') ?? null;
}

function judge(
  rule: QuorumRule,
  places: readonly Requirement[],
  weighed: readonly Weighed[],
  nobody: string,
): QuorumResult {
  const named = namedPlaces(places, weighed, nobody);
  const others = otherPlaces(rule, weighed);
  const requirements = others ? [...named, others.place] : named;
  const missing = requirements.filter((place) => place.state === 'MISSING').map((place) => place.key);
  const allConfirmed = requirements.every((place) => place.state === 'CONFIRMED');
  return {
    result: allConfirmed ? 'MET' : missing.length > 0 ? 'NOT_MET' : 'AT_RISK',
    requirements,
    missing,
    chairMayProceed: others && !allConfirmed ? mayProceed(rule, named, others.confirmed) : null,
    ruleId: rule.id,
    ruleVersion: rule.version,
  };
}

/** The chair's latitude is about the others only: a named place is never done without. */
function mayProceed(rule: QuorumRule, named: readonly PlaceResult[], others: number): string | null {
  const latitude = rule.chairMayProceedWith;
  const isNamedComplete = named.every((place) => place.state === 'CONFIRMED');
  return latitude && isNamedComplete && others >= latitude.others ? latitude.when : null;
}

function namedPlaces(places: readonly Requirement[], weighed: readonly Weighed[], nobody: string): PlaceResult[] {
  const fills = weighed.filter((one) => one.worth === 'FILLS').map((one) => one.seat);
  const may = weighed.filter((one) => one.worth !== 'CANNOT').map((one) => one.seat);
  const agencies = places.filter((place) => !isDiscipline(place));
  const confirmed = seat(agencies, fills);
  const possible = seat(agencies, may, confirmed);
  return places.map((place) => {
    const has = (hall: Hall, seats: readonly Seat[]) =>
      isDiscipline(place) ? eligible(place, seats).length > 0 : hall.has(place.key);
    if (has(confirmed, fills)) return placed(place, 'CONFIRMED', weighed, 'FILLS');
    if (has(possible, may)) {
      const awaited = placed(place, 'AWAITED', weighed, 'MAY_FILL');
      return { ...awaited, reason: awaited.reason || COUNTED_ELSEWHERE };
    }
    if (eligible(place, may).length > 0) {
      return { ...placed(place, 'MISSING', [], 'CANNOT'), reason: COUNTED_ELSEWHERE };
    }
    const missing = placed(place, 'MISSING', weighed, 'CANNOT');
    return { ...missing, by: [], reason: missing.reason || nobody };
  });
}

const COUNTED_ELSEWHERE = 'whoever could fill it already counts for another place';
const OTHERS = 'OTHERS';

function otherPlaces(rule: QuorumRule, weighed: readonly Weighed[]): { place: PlaceResult; confirmed: number } | null {
  const others = rule.others;
  if (!others) return null;
  const counted = weighed.filter(
    ({ seat: { category, directInvolvement } }) =>
      !others.excludeCategories.includes(category) && (directInvolvement || !others.directInvolvement),
  );
  const fills = counted.filter((one) => one.worth === 'FILLS').map((one) => one.seat);
  const may = counted.filter((one) => one.worth !== 'CANNOT').map((one) => one.seat);
  const confirmed = unitsFilled(rule, fills);
  const possible = unitsFilled(rule, may);
  const state: PlaceState = confirmed >= others.min ? 'CONFIRMED' : possible >= others.min ? 'AWAITED' : 'MISSING';
  const whose = state === 'CONFIRMED' ? fills : may;
  const label = `${others.min} ${rule.requirements.length > 0 ? 'other ' : ''}agencies or professions`;
  const reason = `${confirmed} of ${others.min} so far`;
  return { place: { key: OTHERS, label, state, by: people(whose), reason }, confirmed };
}

/** How many different categories (or disciplines) can be filled, each by another person. */
function unitsFilled(rule: QuorumRule, seats: readonly Seat[]): number {
  const unitOf = (one: Seat) =>
    rule.countBy[one.category] === 'DISCIPLINE' ? `${one.category} ${one.discipline ?? ''}` : one.category;
  const units = [...new Set(seats.map(unitOf))];
  return fill(units.map((key) => ({ key, people: people(seats.filter((one) => unitOf(one) === key)) }))).size;
}

function seat(places: readonly Requirement[], seats: readonly Seat[], already?: Hall): Hall {
  return fill(
    places.map((place) => ({ key: place.key, people: eligible(place, seats) })),
    already,
  );
}

function placed(
  place: Requirement,
  state: PlaceState,
  weighed: readonly Weighed[],
  worth: Weighed['worth'],
): PlaceResult {
  const mine = weighed.filter((one) => one.worth === worth && suitsPlace(place, one.seat));
  const reason = [...new Set(mine.map((one) => one.because))].sort().join('; ');
  return { key: place.key, label: placeLabel(place), state, by: people(mine.map((one) => one.seat)), reason };
}

function eligible(place: Requirement, seats: readonly Seat[]): string[] {
  return people(seats.filter((one) => suitsPlace(place, one)));
}

function suitsPlace(place: Requirement, one: Seat): boolean {
  return place.anyOf.some((alternative) => suits(one, alternative));
}

function people(seats: readonly Seat[]): string[] {
  return [...new Set(seats.map((one) => one.personKey))].sort();
}

function suits(one: Seat, { category, role, discipline }: Alternative): boolean {
  const inCategory = category === undefined || one.category === category;
  const inRole = role === undefined || one.role === role;
  return inCategory && inRole && (discipline === undefined || one.discipline === discipline);
}

function isDiscipline(place: Requirement): boolean {
  return place.anyOf.every((alternative) => alternative.discipline !== undefined);
}

function withoutMinuteTakers<S extends Seat>(seats: readonly S[]): S[] {
  const takers = new Set(seats.filter((one) => one.isMinuteTaker).map((one) => one.personKey));
  return seats.filter((one) => !takers.has(one.personKey));
}

const PROMISES: Readonly<Record<AnswerKind, 'COMES' | 'MAY_COME' | 'REPORTS' | 'STAYS_AWAY'>> = {
  ACCEPTED: 'COMES',
  TENTATIVE: 'MAY_COME',
  NO_RESPONSE: 'MAY_COME',
  REPORT_ONLY: 'REPORTS',
  DECLINED: 'STAYS_AWAY',
  SUBSTITUTE_NAMED: 'STAYS_AWAY',
  NOT_ME: 'STAYS_AWAY',
  MOVED_ON: 'STAYS_AWAY',
};

function promised(asked: AskedSeat, rule: QuorumRule): Weighed {
  const promise = PROMISES[asked.answer];
  const because = BECAUSE[asked.answer];
  if (promise === 'STAYS_AWAY' || (promise === 'REPORTS' && !rule.reportCounts)) {
    return { seat: asked, worth: 'CANNOT', because };
  }
  if (promise === 'MAY_COME') return { seat: asked, worth: 'MAY_FILL', because };
  if (asked.canDecide || !rule.needsAuthority) return { seat: asked, worth: 'FILLS', because };
  return { seat: asked, worth: 'MAY_FILL', because: `${because}, but ${NO_AUTHORITY}` };
}

const NO_AUTHORITY = 'cannot decide for the agency';
const BECAUSE: Readonly<Record<AnswerKind, string>> = {
  ACCEPTED: 'coming',
  TENTATIVE: 'not sure yet',
  NO_RESPONSE: 'no answer yet',
  REPORT_ONLY: 'sending a report',
  DECLINED: 'not coming',
  SUBSTITUTE_NAMED: 'not coming',
  NOT_ME: 'not the right person',
  MOVED_ON: 'has moved on',
};

function seen(presence: Presence, rule: QuorumRule, at: Date): Weighed {
  if (!isPresent(presence, rule, at)) return { seat: presence, worth: 'CANNOT', because: 'not present' };
  if (presence.canDecide || !rule.needsAuthority) return { seat: presence, worth: 'FILLS', because: 'present' };
  return { seat: presence, worth: 'CANNOT', because: `present, but ${NO_AUTHORITY}` };
}

const HERE: readonly AttendanceStatus[] = [
  'ATTENDED',
  'ATTENDED_PART',
  'SUBSTITUTE_ATTENDED',
  'NOT_INVITED_BUT_ATTENDED',
];

function isPresent(presence: Presence, rule: QuorumRule, at: Date): boolean {
  if (presence.status === 'APOLOGIES_WITH_REPORT') return rule.reportCounts;
  const arrived = presence.joinedAt === null || presence.joinedAt <= at;
  const stillHere = presence.leftAt === null || at <= presence.leftAt;
  return HERE.includes(presence.status) && arrived && stillHere;
}
