import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPerson, type ReadLine } from '../../src/directory/people-list.js';
import { readList } from '../../src/directory/people-list.csv.js';
import { type Known, planList } from '../../src/directory/people-plan.js';

const NOTHING: Known = { people: [], posts: [], agencies: [], inboxes: [] };
const HEAD = 'name,email,phone,agency,category,post,team';

const word = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);
const person = fc.record({
  name: fc.tuple(word, word).map((names) => names.join(' ')),
  email: word.map((name) => `${name}@agency.example`),
  agency: fc.constantFrom('Police', 'Trust', 'School'),
  category: fc.constantFrom('POLICE', 'Health', 'education', ''),
  post: fc.constantFrom('Nurse', 'Head, acting', 'The "duty" desk'),
  team: fc.constantFrom('East', ''),
});
const lines = fc
  .array(person, { maxLength: 12 })
  .map((people) => people.map((cells, index): ReadLine => ({ line: index + 2, cells, tooLong: false })));

/** The directory as it is once a plan was carried out on an empty one. */
function after(plan: ReturnType<typeof planList>): Known {
  const first = new Map(plan.people.map((one) => [one.addressKey, one] as const).reverse());
  return {
    people: [...first.values()].map(({ addressKey, name, phone }) => ({
      id: addressKey,
      name,
      addressKey,
      phone,
      status: 'ACTIVE',
    })),
    posts: plan.people.map(({ addressKey: contactId, agency, post, team }) => ({
      contactId,
      agency,
      post,
      teams: team === null ? [] : [team],
    })),
    agencies: plan.people.flatMap(({ agency: name, newAgency: category }) =>
      category === null ? [] : [{ name, category, ended: false }],
    ),
    inboxes: [],
  };
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

describe('a list of people', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (people, end) => {
        const rows = people.map((one) =>
          [one.name, one.email, '', one.agency, one.category, one.post, one.team].map(quoted).join(','),
        );
        const read = readList([HEAD, ...rows].join(end));
        expect(read.lines.map(({ line, cells }) => [line, cells])).toEqual(
          people.map((one, index) => [index + 2, { ...one, phone: '' }]),
        );
      }),
    );
  });

  it('does nothing the second time: each line is new or bad once, then there', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const first = planList(list, NOTHING);
        const taken = new Set(first.people.map(({ line }) => line));
        expect(taken.size + new Set(first.bad.map(({ line }) => line)).size).toBe(list.length);
        const again = planList(
          list.filter(({ line }) => taken.has(line)),
          after(first),
        );
        expect(again.bad).toEqual([]);
        expect(again.people.map(({ kind }) => kind)).toEqual(first.people.map(() => 'UNCHANGED'));
      }),
    );
  });

  it('gives the line on which a person begins, over line breaks and empty lines', () => {
    const read = readList(`${HEAD}\n\n"Tom\nBeck",t@a.example,,A,HR,N,\n\nAnn Lee,ann@a.example,,A,HR,N,`);
    expect(read.lines.map(({ line }) => line)).toEqual([3, 6]);
  });

  it.each([
    ['POLICE', 'POLICE'],
    ['Children’s social care', 'CHILDRENS_SOCIAL_CARE'],
    ["children's social care", 'CHILDRENS_SOCIAL_CARE'],
    ['voluntary', 'VOLUNTARY'],
    ['', null],
  ])('takes the category %j', (typed, category) => {
    const cells = { name: 'A B', email: 'a@b.example', agency: 'A', category: typed, post: 'P' };
    expect(readPerson({ line: 2, cells, tooLong: false })).toMatchObject({ person: { category } });
  });
});

describe('refuses', () => {
  it('whatever is not a list, with a sentence', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(() => readList(text)).toThrow(expect.objectContaining({ name: 'RuleBroken', field: 'list' }));
      }),
    );
  });

  it('a category that is none, and says which there are', () => {
    const cells = { name: 'A B', email: 'a@b.example', agency: 'A', category: 'Cops', post: 'P' };
    const read = readPerson({ line: 7, cells, tooLong: false });
    const [bad] = 'bad' in read ? read.bad : [];
    expect(bad).toMatchObject({ line: 7, column: 'category' });
    expect(bad?.message).toContain('Police, Health');
  });
});
