/**
 * References: what people say on the telephone instead of a name. A matter's is its kind, the year in London and a
 * number of four digits, counted from one each year (`ALL-2026-0147`); a meeting's is its matter's with its own number
 * (`ALL-2026-0147-M1`); an action's is `ACT-2026-0001`. Nothing about a child or a setting can be read from one.
 */
import { DateTime } from 'luxon';

import { LONDON } from './working-days.js';

export type ReferenceKind = 'ALLEGATION' | 'CHILD_PROTECTION' | 'COMPLEX' | 'ACTION';

const PREFIXES: Readonly<Record<Exclude<ReferenceKind, 'ALLEGATION'>, string>> = {
  CHILD_PROTECTION: 'CP',
  COMPLEX: 'CX',
  ACTION: 'ACT',
};

/** What its number is counted under: `ALL-2026`. An allegation's prefix is the authority's own. */
export function referenceSeries(kind: ReferenceKind, allegationPrefix: string, now: Date): string {
  const prefix = kind === 'ALLEGATION' ? allegationPrefix : PREFIXES[kind];
  return `${prefix}-${DateTime.fromJSDate(now, { zone: LONDON }).toFormat('yyyy')}`;
}

/** `ALL-2026-0147`; a number beyond four digits is written out. */
export function referenceOf(series: string, number: number): string {
  return `${series}-${number.toString().padStart(4, '0')}`;
}

/** `ALL-2026-0147-M1` */
export function meetingReferenceOf(matterReference: string, number: number): string {
  return `${matterReference}-M${number}`;
}
