import { type FirstStaff } from '../authorities/founding.service.js';
import { fixedId, Populating, type Population } from './population.js';

/** One authority of the demonstration before it exists. */
export interface Place {
  readonly id: number;
  readonly name: string;
  readonly shortName: string;
  readonly phone: string;
  readonly town: string;
  readonly staff: readonly (FirstStaff & { readonly id: string })[];
  populate(now: Date): Population;
}

const staff = (
  authority: number,
  name: string,
  email: string,
  more: Pick<FirstStaff, 'roles' | 'desk'>,
): FirstStaff & { id: string } => ({
  id: fixedId(authority, 'staff', email),
  name,
  email,
  ...more,
});

/** Northshire, with everybody the scenarios speak of. */
export const NORTHSHIRE: Place = {
  id: 1,
  name: 'Northshire Council',
  shortName: 'Northshire',
  phone: '01632 960100',
  town: 'Northshire',
  staff: [
    staff(1, 'Owen Tidy', 'owen.tidy@northshire.example', { roles: ['COORDINATOR'], desk: 'LADO' }),
    staff(1, 'Priya Raman', 'priya.raman@northshire.example', { roles: ['LADO', 'CHAIR'], desk: 'LADO' }),
    staff(1, 'Bev Castle', 'bev.castle@northshire.example', { roles: ['COORDINATOR'], desk: 'CHILD_PROTECTION' }),
  ],
  populate(now) {
    const place = new Populating(1, now);
    const lado = place.agency('Northshire LADO Service', 'LADO_SERVICE', 'northshire.example');
    place.holder(
      place.post(lado, 'Designated officer (LADO)', { functions: ['LADO_LEAD'] }),
      'Priya Raman',
      'priya.raman@northshire.example',
    );
    place.holder(place.post(lado, 'LADO coordinator'), 'Owen Tidy', 'owen.tidy@northshire.example');
    const care = place.agency('Northshire Children’s Services', 'CHILDRENS_SOCIAL_CARE', 'northshire.example');
    place.holder(
      place.post(care, 'Team manager, Assessment', { functions: ['STRATEGY_ATTENDEE'] }),
      'Sadia Noor',
      'sadia.noor@northshire.example',
    );
    place.holder(place.post(care, 'Child protection coordinator'), 'Bev Castle', 'bev.castle@northshire.example');
    police(place);
    employerAndHealth(place);
    place.fill('Northshire');
    return place.population;
  },
};

/** The school of the first scenario, the trust it belongs to, and the health service. */
function employerAndHealth(place: Populating): void {
  const school = place.agency('Hillbrook Primary', 'EDUCATION', 'hillbrook.example', 'governors.example');
  place.inbox(school, 'office@hillbrook.example');
  place.holder(place.post(school, 'Head teacher'), 'Graham Tull', 'graham.tull@hillbrook.example');
  place.holder(
    place.post(school, 'Chair of governors', { functions: ['CHAIR_OF_GOVERNORS'] }),
    'Fiona Akande',
    'fiona.akande@governors.example',
  );
  const trust = place.agency('Kestrel Academy Trust', 'HR', 'kestrel.example');
  place.holder(
    place.post(trust, 'HR case lead', { functions: ['HR_CASE_LEAD'] }),
    'Joan Petty',
    'joan.petty@kestrel.example',
  );
  place.holder(place.post(trust, 'Investigating officer'), 'Alan Moss', 'alan.moss@kestrel.example');
  const health = place.agency('Northshire NHS Trust', 'HEALTH', 'northshire.nhs.example');
  place.holder(
    place.post(health, 'Named nurse', { functions: ['NAMED_NURSE'] }),
    'Tom Beck',
    'tom.beck@northshire.nhs.example',
  );
}

function police(place: Populating): void {
  const force = place.agency('Northshire Police', 'POLICE', 'northshire.police.example');
  const east = place.team(force, 'CAIU East');
  place.inbox(force, 'caiu.east@northshire.police.example', east);
  const constable = place.post(force, 'Detective Constable, CAIU East', {
    team: east,
    functions: ['STRATEGY_ATTENDEE'],
  });
  const sergeant = place.post(force, 'Detective Sergeant, CAIU East', { team: east });
  place.holder(constable, 'Leanne Firth', 'leanne.firth@northshire.police.example');
  place.holder(sergeant, 'Mark Oyelaran', 'mark.oyelaran@northshire.police.example');
  place.deputy(constable, sergeant);
}

/** A second council, so that one can see that neither sees the other. */
export const EASTMERE: Place = {
  id: 2,
  name: 'Eastmere Council',
  shortName: 'Eastmere',
  phone: '01632 960200',
  town: 'Eastmere',
  staff: [
    staff(2, 'Imran Shah', 'imran.shah@eastmere.example', { roles: ['COORDINATOR', 'LADO'], desk: 'LADO' }),
    staff(2, 'Ruth Pell', 'ruth.pell@eastmere.example', { roles: ['COORDINATOR'], desk: 'CHILD_PROTECTION' }),
  ],
  populate(now) {
    const place = new Populating(2, now);
    const lado = place.agency('Eastmere LADO Service', 'LADO_SERVICE', 'eastmere.example');
    place.holder(
      place.post(lado, 'Designated officer (LADO)', { functions: ['LADO_LEAD'] }),
      'Imran Shah',
      'imran.shah@eastmere.example',
    );
    const care = place.agency('Eastmere Children’s Services', 'CHILDRENS_SOCIAL_CARE', 'eastmere.example');
    place.holder(
      place.post(care, 'Team manager', { functions: ['STRATEGY_ATTENDEE'] }),
      'Ruth Pell',
      'ruth.pell@eastmere.example',
    );
    place.fill('Eastmere');
    return place.population;
  },
};

export const PLACES: readonly Place[] = [NORTHSHIRE, EASTMERE];
