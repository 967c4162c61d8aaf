import { type INestApplication } from '@nestjs/common';
import { Staff } from '../access/staff.js';
import { systemActor } from '../access/actor.js';
import { createAuthority } from '../authorities/founding.service.js';
import { type Settings } from '../config.js';
import { asOwner, enterAuthority } from '../database/as-owner.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Agency } from '../directory/agency.js';
import { Contact } from '../directory/contact.js';
import { Deputy } from '../directory/deputy.js';
import { Holding } from '../directory/holding.js';
import { Inbox } from '../directory/inbox.js';
import { Post } from '../directory/post.js';
import { Team } from '../directory/team.js';
import { DEFAULT_QUORUM_RULES } from '../meetings/quorum-defaults.js';
import { EASTMERE, NORTHSHIRE, type Place, PLACES } from './cast.js';
import { allegation, eastmere, heldMeeting } from './northshire.js';
import { type Population } from './population.js';
import { Story } from './story.js';
import { demonstrationToken } from './partner.js';

/**
 * Fills an empty trial installation with two invented authorities, once. Each step looks whether it was done, so that a
 * start that was interrupted is completed by the next. Without `story` there are people, and nothing has happened.
 */
export async function loadDemonstration(
  app: INestApplication,
  settings: Settings,
  folder: string,
  { story = true }: { story?: boolean } = {},
): Promise<string | undefined> {
  const ownerUrl = settings.databaseOwnerUrl;
  if (ownerUrl === undefined) return undefined;
  const work = app.get(UnitOfWork);
  for (const place of PLACES) {
    await foundPlace(ownerUrl, place);
    await work.run(systemActor(place.id), (tx) => populate(tx, place));
  }
  if (story) {
    await tellOnce(app, NORTHSHIRE, [allegation, heldMeeting]);
    await tellOnce(app, EASTMERE, [eastmere]);
  }
  await openDoors(ownerUrl);
  return demonstrationToken(app, folder);
}

/** What happened there so far; a place that already has matters is left as it is. */
async function tellOnce(
  app: INestApplication,
  place: Place,
  parts: ((story: Story) => Promise<void>)[],
): Promise<void> {
  const [any] = await app
    .get(UnitOfWork)
    .run(systemActor(place.id), (tx) => tx.sql('select 1 from matter where authority_id = $1 limit 1', [place.id]));
  if (any !== undefined) return;
  const story = new Story(app, place.id, place.populate(new Date()));
  for (const part of parts) await part(story);
}

async function foundPlace(ownerUrl: string, place: Place): Promise<void> {
  await asOwner(ownerUrl, async (manager) => {
    const [found] = await manager.query<unknown[]>('select 1 from authority where id = $1', [place.id]);
    if (found !== undefined) return;
    const { id, name, shortName, phone, staff } = place;
    await createAuthority(manager, { id, name, shortName, phone, staff, rules: DEFAULT_QUORUM_RULES, now: new Date() });
  });
}

async function populate(tx: Tx, place: Place): Promise<void> {
  const [any] = await tx.sql<unknown>('select 1 from agency where authority_id = $1 limit 1', [place.id]);
  if (any !== undefined) return;
  const people = place.populate(tx.now);
  await insertAll(tx, people);
  for (const { id, email } of place.staff) {
    const account = await tx.find(Staff, id);
    account.contactId = people.contacts.find((contact) => contact.email === email)?.id ?? null;
    await tx.save(account);
  }
  const { agencies, contacts } = people;
  const details = { agencies: agencies.length, contacts: contacts.length };
  await tx.record({ action: 'directory.loaded', object: `authority:${place.id}`, details });
}

async function insertAll(tx: Tx, people: Population): Promise<void> {
  await tx.insert(Agency, ...people.agencies);
  await tx.insert(Team, ...people.teams);
  await tx.insert(Inbox, ...people.inboxes);
  await tx.insert(Post, ...people.posts);
  await tx.insert(Contact, ...people.contacts);
  await tx.insert(Holding, ...people.holdings);
  await tx.insert(Deputy, ...people.deputies);
}

/** Only now may somebody choose an invented person to sign in as. */
async function openDoors(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, async (manager) => {
    for (const { id } of PLACES) {
      await enterAuthority(manager, id);
      await manager.query('update authority set demonstration = true where id = $1 and not demonstration', [id]);
    }
  });
}
