/**
 * The quorum rules the service starts with, each with where it comes from and how far to trust it. The first of an id is
 * what everybody starts with; a variant is one area's published procedure that another may choose. Dates before the
 * service existed mean "as long as we know".
 */
import { type AgencyCategory } from '../directory/agency-category.js';
import { type Condition, QuorumRule, type Requirement } from './quorum-rule.js';

const SINCE = '2020-01-01';

const SOURCES = {
  WT: 'Working Together to Safeguard Children 2023 (minimum involvement, used as a quorum): https://www.darlington-safeguarding-partnership.co.uk/professionals/working-with-children/child-protection-procedures/strategy-meeting-discussion',
  CWSA: 'Children’s Wellbeing and Schools Act 2026, sections 3 and 4 (regulations awaited): https://www.legislation.gov.uk/ukpga/2026/21/section/4/data.akn',
  PRAC: 'Strategy discussion practice standards: https://docsbay.net/practice-standards',
  SCOT: 'National Guidance for Child Protection in Scotland: https://scotgov.theapsgroup.scot/national-guidance-for-child-protection-in-scotland/97/',
  SWIN: 'Swindon, quorate conferences, 2023: https://swindonchildcare.proceduresonline.com/p_quorate_conf.html',
  SUSS: 'Sussex, quorate conferences, 2022: https://sussexchildprotection.procedures.org.uk/skyloo//quorate-conferences',
  GUEQ: 'Guernsey, quorum: http://iscp.gg/article/118060/Quorum',
  ALLEGATION:
    'This product’s default, from Sefton 15.9-15.12 (https://seftonlscb.safeguardingpolicies.org.uk/scp/sec-15-managing-allegations-against-staff-carers-and-volunteers/1510-allegation-management-strategy-meeting) and Cheshire East (http://www.online-procedures.co.uk/cheshireeast/contents/managing-allegations-of-abuse-against-adults-who-work-with-children/the-strategy-meeting/)',
};

function place(key: AgencyCategory): Requirement {
  return { key, anyOf: [{ category: key }] };
}

const CSC = place('CHILDRENS_SOCIAL_CARE');
const POLICE = place('POLICE');
const HEALTH = place('HEALTH');
const PAEDIATRICIAN: Requirement = { key: 'PAEDIATRICIAN', anyOf: [{ discipline: 'PAEDIATRICIAN' }] };

/** Conditions an authority may switch on for any rule: this product's proposal. */
export const OPTIONAL_CONDITIONS: readonly Condition[] = [
  { if: 'POSSIBLE_OFFENCE', require: POLICE },
  { if: 'SCHOOL_AGE', require: place('EDUCATION') },
  { if: 'FII', require: PAEDIATRICIAN },
  { if: 'S47', require: CSC },
];

const strategy: QuorumRule[] = [
  QuorumRule.of({
    id: 'quorum.strategy',
    jurisdiction: 'ENGLAND',
    requirements: [CSC, POLICE, HEALTH],
    source: SOURCES.WT,
    confidence: 'HIGH',
    effectiveFrom: SINCE,
  }),
  QuorumRule.of({
    id: 'quorum.strategy',
    version: 2,
    jurisdiction: 'ENGLAND',
    requirements: [CSC, POLICE, HEALTH, place('EDUCATION')],
    source: SOURCES.CWSA,
    confidence: 'PROPOSED',
  }),
  QuorumRule.of({
    id: 'quorum.strategy',
    variant: 'CSC_MANAGER_CHAIRS',
    jurisdiction: 'ENGLAND',
    requirements: [{ key: 'CSC_CHAIR', anyOf: [{ category: 'CHILDRENS_SOCIAL_CARE', role: 'CHAIR' }] }, POLICE, HEALTH],
    source: SOURCES.PRAC,
    confidence: 'LOCAL',
    effectiveFrom: SINCE,
  }),
  QuorumRule.of({
    id: 'quorum.ird',
    jurisdiction: 'SCOTLAND',
    requirements: [POLICE, CSC, HEALTH],
    source: SOURCES.SCOT,
    confidence: 'HIGH',
    effectiveFrom: SINCE,
  }),
];

const conference: QuorumRule[] = [
  QuorumRule.of({
    id: 'quorum.conference',
    jurisdiction: 'ENGLAND',
    requirements: [CSC],
    others: { min: 2, excludeCategories: ['CHILDRENS_SOCIAL_CARE'], directInvolvement: true },
    countBy: { HEALTH: 'DISCIPLINE', EDUCATION: 'DISCIPLINE' },
    source: SOURCES.SWIN,
    confidence: 'LOCAL',
    effectiveFrom: SINCE,
  }),
  QuorumRule.of({
    id: 'quorum.conference',
    variant: 'SUSSEX',
    jurisdiction: 'ENGLAND',
    requirements: [CSC],
    others: { min: 2, excludeCategories: ['CHILDRENS_SOCIAL_CARE'], directInvolvement: true },
    countBy: { HEALTH: 'DISCIPLINE', EDUCATION: 'DISCIPLINE' },
    conditional: [{ if: 'FII', require: PAEDIATRICIAN }],
    chairMayProceedWith: {
      others: 1,
      when: 'The chair may go on with children’s social care and one other, with reasons',
    },
    source: SOURCES.SUSS,
    confidence: 'LOCAL',
    effectiveFrom: SINCE,
  }),
  QuorumRule.of({
    id: 'quorum.conference',
    variant: 'THREE_AGENCIES',
    jurisdiction: 'UK',
    others: { min: 3, excludeCategories: [], directInvolvement: false },
    countBy: { HEALTH: 'CATEGORY' },
    chairMayProceedWith: {
      others: 2,
      when: 'The chair may accept two agencies if the essential information is to hand',
    },
    source: SOURCES.GUEQ,
    confidence: 'LOCAL',
    effectiveFrom: SINCE,
  }),
];

const allegation: QuorumRule[] = [
  QuorumRule.of({
    id: 'quorum.allegation',
    jurisdiction: 'ENGLAND',
    requirements: [
      { key: 'LADO_CHAIR', anyOf: [{ category: 'LADO_SERVICE', role: 'CHAIR' }] },
      { key: 'EMPLOYER', anyOf: [{ role: 'EMPLOYER' }, { category: 'HR' }] },
    ],
    conditional: [
      { if: 'POSSIBLE_OFFENCE', require: POLICE },
      { if: 'S47', require: CSC },
    ],
    source: SOURCES.ALLEGATION,
    confidence: 'PROPOSED',
    effectiveFrom: SINCE,
  }),
];

export const DEFAULT_QUORUM_RULES: readonly QuorumRule[] = [...strategy, ...conference, ...allegation];
