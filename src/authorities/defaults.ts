/**
 * The meeting types an authority starts with; each may then be changed by the authority. Whom to suggest comes from
 * Working Together to Safeguard Children for strategy meetings and conferences, and from published local procedures
 * (Cheshire East, Sefton, Hertfordshire, Sussex) for allegations and for the facts that add somebody. Lengths are this
 * product's proposal.
 */
import { MeetingType, type MeetingTypeCode, type Suggestion } from './meeting-type.js';

const CSC: Suggestion = {
  category: 'CHILDRENS_SOCIAL_CARE',
  required: true,
  note: 'The social worker and their manager, able to decide',
};
const POLICE: Suggestion = { category: 'POLICE', required: true, note: 'An officer able to decide' };
const HEALTH: Suggestion = { category: 'HEALTH', required: true, note: 'The health services in use' };
const SCHOOL: Suggestion = { category: 'EDUCATION', required: false, note: 'The school or nursery' };

const STRATEGY: readonly Suggestion[] = [
  CSC,
  POLICE,
  HEALTH,
  SCHOOL,
  { role: 'REFERRER', required: false, note: 'Whoever raised the concern' },
  { category: 'HEALTH', discipline: 'PAEDIATRICIAN', required: true, when: 'MEDICAL_LIKELY' },
  { category: 'HEALTH', discipline: 'PAEDIATRICIAN', required: true, when: 'FII' },
  { category: 'OTHER_AUTHORITY', required: false, when: 'LOOKED_AFTER', note: 'The placing or the host authority' },
  { category: 'FOSTERING', required: false, when: 'LOOKED_AFTER', note: 'The fostering or residential provider' },
];

const ALLEGATION: readonly Suggestion[] = [
  { category: 'LADO_SERVICE', role: 'CHAIR', required: true, note: 'The designated officer chairs' },
  { role: 'EMPLOYER', required: true, note: 'The designated senior manager, or the chair of governors for a head' },
  { category: 'HR', role: 'HR', required: false, note: 'HR of the employer' },
  { category: 'POLICE', required: true, when: 'POSSIBLE_OFFENCE' },
  { ...CSC, when: 'S47' },
  { category: 'HEALTH', required: false },
  { category: 'LEGAL', required: false },
  { category: 'REGULATOR', required: false, note: 'The body that regulates the setting' },
  { category: 'FOSTERING', required: false, when: 'LOOKED_AFTER', note: 'The supervising social worker' },
  { category: 'OTHER_AUTHORITY', required: false, when: 'LOOKED_AFTER', note: 'The placing authority' },
];

const CONFERENCE: readonly Suggestion[] = [
  CSC,
  { ...HEALTH, required: false, note: 'The school nurse or health visitor, and the family’s doctor' },
  { ...SCHOOL, note: 'The school or nursery of each child' },
  { ...POLICE, required: false },
  { category: 'EARLY_HELP', required: false },
  { category: 'HEALTH', discipline: 'PAEDIATRICIAN', required: true, when: 'FII' },
];

const TALK = ['Who is here', 'What is known', 'Risks, and what is safe now', 'What is decided and why', 'Actions'];
const ALLEGATION_AGENDA = [
  'Who is here, and who must not be told',
  'What is alleged',
  'What each agency knows',
  'Police, social care and employer: who does what',
  'Support for the child and for the member of staff',
  'What is decided and why',
  'Actions',
];

type Row = [code: MeetingTypeCode, label: string, kind: string | null, minutes: number, rule: string];

const ROWS: readonly Row[] = [
  ['STRATEGY_DISCUSSION', 'Strategy discussion, by telephone', 'CHILD_PROTECTION', 30, 'quorum.strategy'],
  ['STRATEGY_MEETING', 'Strategy meeting', 'CHILD_PROTECTION', 60, 'quorum.strategy'],
  ['REVIEW_STRATEGY', 'Review strategy meeting', 'CHILD_PROTECTION', 60, 'quorum.strategy'],
  ['ALLEGATION_MEETING', 'Allegation meeting', 'ALLEGATION', 90, 'quorum.allegation'],
  ['ALLEGATION_REVIEW', 'Allegation review meeting', 'ALLEGATION', 60, 'quorum.allegation'],
  ['ALLEGATION_OUTCOME', 'Allegation outcome meeting', 'ALLEGATION', 60, 'quorum.allegation'],
  ['COMPLEX_ABUSE_STRATEGY', 'Complex abuse strategy meeting', 'COMPLEX', 120, 'quorum.strategy'],
  ['ICPC', 'Initial child protection conference', 'CHILD_PROTECTION', 120, 'quorum.conference'],
  ['RCPC', 'Review child protection conference', 'CHILD_PROTECTION', 90, 'quorum.conference'],
  ['CORE_GROUP', 'Core group', 'CHILD_PROTECTION', 60, 'quorum.conference'],
  ['PROFESSIONALS', 'Professionals’ meeting', null, 60, 'quorum.strategy'],
];

/** The meeting types of a new authority. */
export function defaultMeetingTypes(authorityId: number): MeetingType[] {
  return ROWS.map(([code, label, matterKind, durationMinutes, quorumRuleId], position) =>
    Object.assign(new MeetingType(), {
      authorityId,
      code,
      label,
      matterKind,
      durationMinutes,
      quorumRuleId,
      position,
      suggestions: [...suggestionsFor(quorumRuleId)],
      agenda: quorumRuleId === 'quorum.allegation' ? [...ALLEGATION_AGENDA] : [...TALK],
    }),
  );
}

function suggestionsFor(quorumRuleId: string): readonly Suggestion[] {
  if (quorumRuleId === 'quorum.allegation') return ALLEGATION;
  return quorumRuleId === 'quorum.conference' ? CONFERENCE : STRATEGY;
}
