import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type INestApplication } from '@nestjs/common';
import { PartnersService } from '../access/partners.service.js';
import { StaffService } from '../access/staff.service.js';
import { Clock } from '../database/clock.js';
import { NORTHSHIRE } from './cast.js';
import { fixedId } from './population.js';

const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * The token of an invented partner, the health trust's system. Only its keyed hash is in the database, so that it can be
 * shown at each start it is kept beside the trial's other secrets.
 */
export async function demonstrationToken(app: INestApplication, folder: string): Promise<string | undefined> {
  const file = join(folder, 'demonstration-token');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const owen = NORTHSHIRE.staff.find(({ name }) => name === 'Owen Tidy');
  const by = owen && (await app.get(StaffService).signedIn(NORTHSHIRE.id, owen.id));
  if (!by) return undefined;
  const { token } = await app.get(PartnersService).issue(by.actor, {
    agencyId: fixedId(NORTHSHIRE.id, 'agency', 'Northshire NHS Trust'),
    name: 'Health trust (demonstration)',
    scopes: ['invitations:own-agency', 'actions:own-agency', 'directory:own-agency'],
    expiresAt: new Date(app.get(Clock).now().getTime() + YEAR_MS),
  });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
