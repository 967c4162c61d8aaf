import { Inject, Injectable } from '@nestjs/common';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { type Tx } from '../database/tx.js';
import { Invitation } from './invitation.js';
import { type InviteeRow, inviteeRows } from './meeting.store.js';
import { type Meeting } from './meeting.js';
import { forecast, type QuorumResult } from './quorum.js';
import { QuorumRule } from './quorum-rule.js';
import { askedSeat } from './seats.js';

/** What of a meeting its forecast depends on. */
export interface Foretold {
  readonly id: string;
  readonly revision: number;
  readonly minuteTakerContactId: string | null;
  readonly quorumRuleId: string;
  readonly quorumRuleVersion: number;
  /** The matter's facts. */
  readonly facts: readonly string[];
}

/** Whether enough agencies will be there, by what people have answered so far. */
@Injectable()
export class ForecastService {
  constructor(@Inject(AuthoritiesService) private readonly authorities: AuthoritiesService) {}

  /** The forecast of one meeting under the version of the rule it was called under. */
  async forecast(tx: Tx, meeting: Meeting, facts: readonly string[]): Promise<QuorumResult> {
    return this.of(tx, foretoldOf(meeting, facts), await inviteeRows(tx, [meeting.id]));
  }

  /** The forecasts of several meetings by id, from one list of everybody asked. */
  async forecasts(tx: Tx, meetings: readonly Foretold[]): Promise<Map<string, QuorumResult>> {
    const rows = await inviteeRows(
      tx,
      meetings.map(({ id }) => id),
    );
    const results = new Map<string, QuorumResult>();
    const rules = new Map<string, QuorumRule>();
    for (const meeting of meetings) {
      const key = `${meeting.quorumRuleId} ${meeting.quorumRuleVersion}`;
      const rule = rules.get(key) ?? (await this.rule(tx, meeting));
      rules.set(key, rule);
      results.set(
        meeting.id,
        foretell(
          rule,
          meeting,
          rows.filter((row) => row.meeting_id === meeting.id),
        ),
      );
    }
    return results;
  }

  /** The same from people already read. */
  async of(tx: Tx, meeting: Foretold, rows: readonly InviteeRow[]): Promise<QuorumResult> {
    return foretell(await this.rule(tx, meeting), meeting, rows);
  }

  /** The version of the rule a meeting was called under. */
  async rule(tx: Tx, meeting: Pick<Foretold, 'quorumRuleId' | 'quorumRuleVersion'>): Promise<QuorumRule> {
    const row = await this.authorities.quorumRuleVersion(tx, meeting.quorumRuleId, meeting.quorumRuleVersion);
    const { rule, id, version, source, effectiveFrom, effectiveTo } = row;
    const confidence = row.confidence as QuorumRule['confidence'];
    const kept = { id, version, source, confidence, effectiveFrom, effectiveTo };
    return QuorumRule.of({ ...(rule as Partial<QuorumRule>), ...kept });
  }
}

/** What of a meeting and its matter's facts a forecast depends on. */
export function foretoldOf(meeting: Meeting, facts: readonly string[]): Foretold {
  const { id, revision, minuteTakerContactId, quorumRuleId, quorumRuleVersion } = meeting;
  return { id, revision, minuteTakerContactId, quorumRuleId, quorumRuleVersion, facts };
}

function foretell(rule: QuorumRule, meeting: Foretold, rows: readonly InviteeRow[]): QuorumResult {
  const seats = rows.map((row) => askedSeat(invitationOf(row), row, meeting)).filter((seat) => seat !== null);
  return forecast(rule, meeting.facts, seats);
}

/** As much of the invitation as a seat is made of. */
function invitationOf(row: InviteeRow): Invitation {
  return Object.assign(new Invitation(), {
    contactId: row.contact_id,
    agencyId: row.agency_id,
    role: row.role,
    status: row.status,
    canDecide: row.can_decide,
    directInvolvement: row.direct_involvement,
    answer: row.answer,
    answeredRevision: row.answered_revision,
  });
}
