/** Invented names for the demonstration: no real person, school or service is meant. */
export const FIRST_NAMES =
  'Aisha Ben Carol Daniel Esther Farah Gareth Hannah Ivan Jasmin Kwame Lucy Megan Nadia Oliver Parveen Quentin Rosa Samir Tessa Uma Victor Wendy Xenia Yusuf Zoe Amir Bronwen Callum Deepa Ewan Fatima Grace Hugo Isla Jerome Keira Liam Mina Noel'.split(
    ' ',
  );

export const SURNAMES =
  'Abara Bright Chandra Dolan Ellis Farrow Grant Hussain Ivory Jarvis Kaur Lovell Marsh Nkemelu Osei Patel Quinn Rowe Sutton Tran Underhill Vance Whitlow Yeboah Zaman Ashby Brennan Clegg Duffy Eze Finch Gower Hale Ingram Joyce Knott Lamb Mbeki Nash Orme'.split(
    ' ',
  );

const SCHOOLS =
  'Ashgrove Beech Lane Carr Hill Dale View Elmfield Fairwater Greenbank Highmoor Kingsway Lindale Meadow Park Northgate Oakwood'.split(
    / (?!Lane|Hill|View|Park)/,
  );

export interface AgencyTemplate {
  readonly name: string;
  readonly category: string;
  readonly posts: readonly {
    readonly title: string;
    readonly functions?: readonly string[];
    readonly discipline?: string;
  }[];
}

const schoolPosts = [
  { title: 'Head teacher' },
  { title: 'Designated safeguarding lead', functions: ['DSL'] },
  { title: 'Deputy safeguarding lead' },
  { title: 'Chair of governors', functions: ['CHAIR_OF_GOVERNORS'] },
  { title: 'School business manager' },
];
const careTeam = [
  { title: 'Team manager', functions: ['STRATEGY_ATTENDEE'] },
  { title: 'Advanced practitioner' },
  { title: 'Social worker, duty' },
  { title: 'Social worker' },
  { title: 'Business support officer' },
];
const policeTeam = [
  { title: 'Detective Inspector', functions: ['STRATEGY_ATTENDEE'] },
  { title: 'Detective Sergeant', functions: ['STRATEGY_ATTENDEE'] },
  { title: 'Detective Constable' },
  { title: 'Detective Constable, duty' },
  { title: 'Safeguarding hub officer' },
];
const healthTeam = [
  { title: 'Named doctor', discipline: 'PAEDIATRICIAN' },
  { title: 'Specialist nurse, safeguarding', functions: ['STRATEGY_ATTENDEE'] },
  { title: 'Health visitor lead', discipline: 'HEALTH_VISITOR' },
  { title: 'School nurse', discipline: 'SCHOOL_NURSE' },
  { title: 'Safeguarding administrator' },
];
const office = [
  { title: 'Service lead', functions: ['STRATEGY_ATTENDEE'] },
  { title: 'Safeguarding lead' },
  { title: 'Case worker' },
  { title: 'Senior case worker' },
  { title: 'Office manager' },
];

/** The agencies of a place, beside those of its cast: about forty with them. */
export function agenciesOf(place: string): AgencyTemplate[] {
  const of = (category: string, posts: AgencyTemplate['posts'], names: readonly string[]): AgencyTemplate[] =>
    names.map((name) => ({ name, category, posts }));
  return [
    ...of(
      'EDUCATION',
      schoolPosts,
      SCHOOLS.map((name) => `${name} ${name.length % 2 === 0 ? 'Primary School' : 'Academy'}`),
    ),
    ...of('EDUCATION', schoolPosts.slice(1), [`${place} Virtual School`, 'Little Oaks Nursery', 'Harbour Nursery']),
    ...of('CHILDRENS_SOCIAL_CARE', careTeam, [`${place} Duty and Assessment`, `${place} Looked After Children`]),
    ...of('POLICE', policeTeam, [`${place} Police Public Protection`]),
    ...of('HEALTH', healthTeam, [
      `${place} Community Health`,
      `${place} General Hospital`,
      'Riverside Medical Practice',
    ]),
    ...of('HR', office, [`${place} Council People Services`, 'Wren Academies HR']),
    ...of('EARLY_HELP', office, [`${place} Early Help Hub`]),
    ...of('FOSTERING', office, ['Anchor Fostering', `${place} Fostering Service`]),
    ...of('PROBATION', office, [`${place} Probation`]),
    ...of('HOUSING', office, [`${place} Housing Options`]),
    ...of('VOLUNTARY', office, ['Safe Harbour Youth', 'Brightside Sports Club', 'Kite Family Support']),
    ...of('LEGAL', office, [`${place} Legal Services`]),
    ...of('OTHER_AUTHORITY', office, ['Westvale Children’s Services']),
    ...of('REGULATOR', office, ['Inspectorate of Schools and Care']),
  ];
}
