import { Field } from '@nestjs/graphql';
import { type AgencyCategory } from '../directory/agency-category.js';
import { PlainType } from '../graphql/plain-types.js';
import { Invitation } from './invitation.js';
import { ForecastResultCode, PlaceStateCode } from './meeting-codes.type.js';
import { forecast, type QuorumResult } from './quorum.js';
import { QuorumRule } from './quorum-rule.js';
import { askedSeat } from './seats.js';

@PlainType('ForecastRequirement', 'A place that the rule wants filled.')
export class ForecastRequirement {
  @Field(() => String, { description: 'What the rule calls it, such as POLICE.' })
  readonly key: string;

  @Field(() => String, { description: 'The place in words.' })
  readonly label: string;

  @Field(() => PlaceStateCode, { description: 'Whether it is filled.' })
  readonly state: string;

  @Field(() => String, { description: 'Why it stands so, in one sentence; may be empty.' })
  readonly reason: string;
}

@PlainType('Forecast', 'Whether enough agencies will be at a meeting, by what people have answered so far.')
export class Forecast {
  @Field(() => ForecastResultCode, { description: 'The whole in one word.' })
  readonly result: string;

  @Field(() => [ForecastRequirement], { description: 'Each place the rule asks for.' })
  readonly requirements: readonly ForecastRequirement[];

  @Field(() => [String], { description: 'Keys of the places that nobody can fill.' })
  readonly missing: readonly string[];

  @Field(() => String, { nullable: true, description: 'On what condition the chair may go on with fewer.' })
  readonly chairMayProceed: string | null;
}

/** What a forecast is made of, as one piece of JSON about a meeting. */
export function forecastNeeds(row: string): string {
  return `select json_build_object('facts', t.facts, 'revision', ${row}.revision, 'minuteTaker', ${row}.minute_taker_contact_id,
      'rule', q.rule, 'version', json_build_object('id', q.id, 'version', q.rule_version, 'source', q.source,
        'confidence', q.confidence, 'effectiveFrom', q.effective_from, 'effectiveTo', q.effective_to),
      'asked', (select coalesce(json_agg(json_build_object('contactId', i.contact_id, 'agencyId', i.agency_id, 'role', coalesce(i.role, 'ATTENDEE'),
          'status', i.status, 'canDecide', i.can_decide, 'directInvolvement', i.direct_involvement, 'answer', i.answer,
          'answeredRevision', i.answered_revision, 'category', a.category, 'discipline', coalesce(p.discipline, a.discipline))), '[]')
        from invitation i join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
        left join post p on p.authority_id = i.authority_id and p.id = i.post_id
        where i.authority_id = ${row}.authority_id and i.meeting_id = ${row}.id and i.status in ('DRAFT', 'OPEN')))
    from matter t join quorum_rule q on q.authority_id = t.authority_id
    where t.authority_id = ${row}.authority_id and t.id = ${row}.matter_id
    and q.id = ${row}.quorum_rule_id and q.rule_version = ${row}.quorum_rule_version`;
}

type AskedRow = Pick<
  Invitation,
  'contactId' | 'agencyId' | 'role' | 'status' | 'canDecide' | 'directInvolvement' | 'answer' | 'answeredRevision'
> & { readonly category: AgencyCategory; readonly discipline: string | null };

export interface ForecastNeeds {
  readonly facts: readonly string[];
  readonly revision: number;
  readonly minuteTaker: string | null;
  readonly rule: Partial<QuorumRule>;
  readonly version: Pick<QuorumRule, 'id' | 'version' | 'source' | 'confidence' | 'effectiveFrom' | 'effectiveTo'>;
  readonly asked: readonly AskedRow[];
}

/** The forecast by the rule that the meeting was called under. */
export function foretell({ facts, revision, minuteTaker, rule, version, asked }: ForecastNeeds): QuorumResult {
  const meeting = { revision, minuteTakerContactId: minuteTaker };
  const seats = asked.map((row) => askedSeat(Object.assign(new Invitation(), row), row, meeting));
  return forecast(
    QuorumRule.of({ ...rule, ...version }),
    facts,
    seats.filter((seat) => seat !== null),
  );
}
