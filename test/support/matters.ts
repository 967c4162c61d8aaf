import { randomUUID } from 'node:crypto';
import { type Actor, type Desk, type StaffRole } from '../../src/access/actor.js';
import { createAuthority } from '../../src/authorities/founding.service.js';
import { asOwner } from '../../src/database/as-owner.js';
import { addressKey } from '../../src/mail/address.js';
import { MattersService } from '../../src/matters/matters.service.js';
import { type Matter } from '../../src/matters/matter.js';
import { DEFAULT_QUORUM_RULES } from '../../src/meetings/quorum-defaults.js';
import { MONDAY, type TestService } from './service.js';

/** A council with the staff of the first scenario: Priya and Owen on the LADO side, Bev outside it. */
export interface Council {
  readonly id: number;
  readonly priya: Actor;
  readonly owen: Actor;
  readonly bev: Actor;
}

/** An agency, a post in it and who holds it. */
export interface Placed {
  readonly contactId: string;
  readonly postId: string;
  readonly agencyId: string;
  readonly address: string;
  readonly addressKey: string;
}

/** Makes a council whose staff have addresses under `domain`. */
export async function aCouncil(service: TestService, domain = 'northshire.example'): Promise<Council> {
  const someone = (name: string, desk: Desk, ...roles: StaffRole[]) => ({
    name,
    email: `${name.toLowerCase()}@${domain}`,
    desk,
    roles,
  });
  const { authority, staff } = await asOwner(service.database.ownerUrl, (manager) =>
    createAuthority(manager, {
      name: `Council of ${domain}`,
      shortName: domain,
      phone: '01632 960 000',
      demonstration: true,
      rules: DEFAULT_QUORUM_RULES,
      counters: { 'ALL-2026': 146 },
      staff: [
        someone('Priya', 'LADO', 'LADO'),
        someone('Owen', 'LADO', 'COORDINATOR'),
        someone('Bev', 'CHILD_PROTECTION', 'COORDINATOR'),
      ],
      now: MONDAY,
    }),
  );
  const [priya, owen, bev] = staff.map((one) => one.asActor());
  if (!priya || !owen || !bev) throw new Error('A council without staff');
  return { id: authority.id, priya, owen, bev };
}

/** Puts a named person with a post into the directory, in an agency of their own unless one is given. */
export async function someone(
  service: TestService,
  council: Council,
  name: string,
  given: { address?: string; agencyId?: string; category?: string } = {},
): Promise<Placed> {
  const [contactId, postId, agencyId] = [randomUUID(), randomUUID(), given.agencyId ?? randomUUID()];
  const address = given.address ?? `${name.toLowerCase().replaceAll(' ', '.')}@agency.example`;
  const key = addressKey(address);
  if (given.agencyId === undefined) {
    await service.look(
      `insert into agency (authority_id, id, name, category, created_at) values ($1, $2, $3, $4, now())`,
      [council.id, agencyId, `Agency of ${name} ${agencyId}`, given.category ?? 'EDUCATION'],
    );
  }
  await service.look(`insert into post (authority_id, id, agency_id, title) values ($1, $2, $3, $4)`, [
    council.id,
    postId,
    agencyId,
    `Post of ${name}`,
  ]);
  await service.look(
    `insert into contact (authority_id, id, name, email, address_key, created_at) values ($1, $2, $3, $4, $5, now())`,
    [council.id, contactId, name, address, key],
  );
  await service.look(
    `insert into holding (authority_id, id, contact_id, post_id, from_on) values ($1, $2, $3, $4, '2026-01-01')`,
    [council.id, randomUUID(), contactId, postId],
  );
  return { contactId, postId, agencyId, address, addressKey: key };
}

/** Opens a matter as Priya, about an allegation unless told. */
export async function aMatter(
  service: TestService,
  by: Actor,
  kind = 'ALLEGATION',
  sensitivity = 'STANDARD',
): Promise<Matter> {
  return service.get(MattersService).open(by, {
    kind,
    sensitivity,
    neutralTitle: 'Enquiry 14, north team',
    coordinatorId: by.id,
    facts: ['POSSIBLE_OFFENCE'],
    externalIds: ['LCS-1'],
  });
}
