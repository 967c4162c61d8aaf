import { Injectable } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { NotFound, RuleBroken } from '../errors.js';
import { Authority } from './authority.js';
import { MeetingType } from './meeting-type.js';
import { meetingReferenceOf, type ReferenceKind, referenceOf, referenceSeries } from './references.js';
import { localDate, type WorkingCalendar } from './working-days.js';

/** One version of a quorum rule as the authority keeps it; what `rule` means is the meetings' to say. */
export interface QuorumRuleRow {
  readonly id: string;
  readonly version: number;
  readonly rule: unknown;
  readonly source: string;
  readonly confidence: string;
  /** `YYYY-MM-DD` */
  readonly effectiveFrom: string | null;
  /** `YYYY-MM-DD`, the last day. */
  readonly effectiveTo: string | null;
}

const RULE = `select id, rule_version as version, rule, source, confidence,
  effective_from::text as "effectiveFrom", effective_to::text as "effectiveTo" from quorum_rule`;

const COUNT = `insert into counter (authority_id, name, value) values ($1, $2, 1)
  on conflict (authority_id, name) do update set value = counter.value + 1 returning value`;

/** What an authority has set: its meeting types, quorum rules, closed days and the numbers of its references. */
@Injectable()
export class AuthoritiesService {
  /** The authority of whoever acts. */
  async authority(tx: Tx): Promise<Authority> {
    const found = await tx.manager.findOneBy(Authority, { id: tx.by.authorityId });
    if (found === null) throw new NotFound();
    return found;
  }

  /** The meeting types still offered, in the authority's order; with a kind of matter, those that suit it. */
  async meetingTypes(tx: Tx, matterKind?: string): Promise<MeetingType[]> {
    const types = await tx.manager.find(MeetingType, {
      where: { authorityId: tx.by.authorityId, active: true },
      order: { position: 'ASC', code: 'ASC' },
    });
    return matterKind === undefined ? types : types.filter((type) => type.suits(matterKind));
  }

  /** One meeting type, still offered or not; throws NotFound. */
  async meetingType(tx: Tx, code: string): Promise<MeetingType> {
    const found = await tx.manager.findOneBy(MeetingType, { authorityId: tx.by.authorityId, code });
    if (found === null) throw new NotFound();
    return found;
  }

  /** The days on which the authority works: its nation's bank holidays and its own closures. */
  async calendar(tx: Tx): Promise<WorkingCalendar> {
    const { jurisdiction } = await this.authority(tx);
    const closures = await tx.sql<{ on: string }>(
      'select closed_on::text as "on" from closure where authority_id = $1 order by closed_on',
      [tx.by.authorityId],
    );
    return { jurisdiction, closures: closures.map(({ on }) => on) };
  }

  /** The version of a quorum rule in force on the London date of `on`; throws INVALID when there is none. */
  async quorumRule(tx: Tx, id: string, on: Date): Promise<QuorumRuleRow> {
    const [row] = await tx.sql<QuorumRuleRow>(
      `${RULE} where authority_id = $1 and id = $2 and effective_from <= $3::date
       and (effective_to is null or effective_to >= $3::date) order by rule_version desc limit 1`,
      [tx.by.authorityId, id, localDate(on)],
    );
    if (row === undefined) {
      throw new RuleBroken('INVALID', 'No quorum rule is in force on that day. Choose another kind of meeting', 'type');
    }
    return row;
  }

  /** One version of a quorum rule, in force or not: what a meeting was called under. Throws NotFound. */
  async quorumRuleVersion(tx: Tx, id: string, version: number): Promise<QuorumRuleRow> {
    const [row] = await tx.sql<QuorumRuleRow>(`${RULE} where authority_id = $1 and id = $2 and rule_version = $3`, [
      tx.by.authorityId,
      id,
      version,
    ]);
    if (row === undefined) throw new NotFound();
    return row;
  }

  /** The next reference of its kind this year, `ALL-2026-0147`; a transaction that fails gives its number back. */
  async nextReference(tx: Tx, kind: ReferenceKind): Promise<string> {
    const { referencePrefix } = await this.authority(tx);
    const series = referenceSeries(kind, referencePrefix, tx.now);
    return referenceOf(series, await this.count(tx, series));
  }

  /** The next reference of a meeting about a matter, `ALL-2026-0147-M1`. */
  async nextMeetingReference(tx: Tx, matter: { readonly id: string; readonly ref: string }): Promise<string> {
    return meetingReferenceOf(matter.ref, await this.count(tx, `meetings:${matter.id}`));
  }

  private async count(tx: Tx, name: string): Promise<number> {
    const [row] = await tx.sql<{ value: number }>(COUNT, [tx.by.authorityId, name]);
    return row?.value ?? 1;
  }
}
