/**
 * What kind of agency somebody comes from. Quorum counts these, not heads: Working Together to Safeguard Children asks
 * for children's social care, the police and health at a strategy discussion, whoever the people are. A discipline
 * (school nurse, health visitor, paediatrician) is a part of one category that some local procedures count for itself.
 */
export const AGENCY_CATEGORIES = [
  'CHILDRENS_SOCIAL_CARE',
  'POLICE',
  'HEALTH',
  'EDUCATION',
  'HR',
  'LADO_SERVICE',
  'EARLY_HELP',
  'FOSTERING',
  'PROBATION',
  'HOUSING',
  'REGULATOR',
  'VOLUNTARY',
  'LEGAL',
  'OTHER_AUTHORITY',
  'OTHER',
] as const;

export type AgencyCategory = (typeof AGENCY_CATEGORIES)[number];

/** The category as it reads on a page. */
export const CATEGORY_LABELS: Readonly<Record<AgencyCategory, string>> = {
  CHILDRENS_SOCIAL_CARE: 'Children’s social care',
  POLICE: 'Police',
  HEALTH: 'Health',
  EDUCATION: 'Education',
  HR: 'HR',
  LADO_SERVICE: 'LADO service',
  EARLY_HELP: 'Early help',
  FOSTERING: 'Fostering',
  PROBATION: 'Probation',
  HOUSING: 'Housing',
  REGULATOR: 'Regulator',
  VOLUNTARY: 'Voluntary sector',
  LEGAL: 'Legal',
  OTHER_AUTHORITY: 'Another authority',
  OTHER: 'Other agency',
};
