import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { DirectoryService } from '../../src/directory/directory.service.js';
import { type NewPerson } from '../../src/directory/new-people.service.js';
import { type PersonInPost } from '../../src/directory/person-in-post.js';
import { PostsService } from '../../src/directory/posts.service.js';
import { aCouncil } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let owen: Actor;
let deputies: DeputiesService;
let posts: PostsService;
let people = 0;

beforeAll(async () => {
  service = await startService();
  owen = (await aCouncil(service)).owen;
  deputies = service.get(DeputiesService);
  posts = service.get(PostsService);
});

afterAll(async () => {
  await service.stop();
});

async function somebody(given: Partial<NewPerson> = {}): Promise<PersonInPost> {
  people += 1;
  const newAgency = { name: `Agency ${people}`, category: 'HEALTH' };
  return service.get(ContactsService).add(owen, {
    name: `Person ${people}`,
    email: `person${people}@agency.example`,
    postTitle: 'Named nurse',
    ...(given.agencyId === undefined ? { newAgency } : {}),
    ...given,
  });
}

describe('a post', () => {
  it('has deputies asked in order of rank', async () => {
    const first = await somebody();
    const agencyId = first.agencyId ?? '';
    const [second, third] = [
      await somebody({ agencyId, postTitle: 'Second' }),
      await somebody({ agencyId, postTitle: 'Third' }),
    ];
    const late = await deputies.add(owen, first.postId ?? '', { postId: third.postId ?? '', rank: 2 });
    await deputies.add(owen, first.postId ?? '', { postId: second.postId ?? '', rank: 1 });
    const asked = async (): Promise<string[]> =>
      (
        await service
          .get(UnitOfWork)
          .run(owen, (tx) => service.get(DirectoryService).deputiesOf(tx, first.postId ?? ''))
      ).map(({ name }) => name);
    expect(await asked()).toEqual([second.name, third.name]);
    await deputies.end(owen, late.id, '2026-11-30', 1);
    expect(await asked()).toEqual([second.name]);
  });
});

describe('refuses', () => {
  it('a deputy from another agency, of itself, or with a rank that is taken', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const id = one.postId ?? '';
    const second = await posts.add(owen, one.agencyId ?? '', { title: 'Second' });
    await expect(deputies.add(owen, id, { postId: other.postId ?? '' })).rejects.toMatchObject({
      code: 'NOT_SAME_AGENCY',
    });
    await expect(deputies.add(owen, id, { postId: id })).rejects.toMatchObject({ code: 'INVALID' });
    await deputies.add(owen, id, { postId: second.id, rank: 1 });
    await expect(deputies.add(owen, id, { postId: second.id, rank: 1 })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });
});
