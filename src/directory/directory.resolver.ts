import { ID, Resolver } from '@nestjs/graphql';
import { type Bind, type Filter } from '../graphql/graph.js';
import { uuidOf } from '../graphql/ids.js';
import { badInput } from '../graphql/paging.js';
import { defineQueries, list, single } from '../graphql/queries.js';
import { AgencyNode, ContactNode, today } from './directory.type.js';
import { CategoryCode, ContactStatusCode } from './directory-codes.type.js';
import { MeNode } from './me.type.js';

/** The longest text that is looked for. */
const MOST_LETTERS = 120;

/** Each word of what is looked for as a pattern; signs that patterns are made of stand for themselves. */
export function patternsOf(search: string): string[] {
  if (search.length > MOST_LETTERS) throw badInput(`search has at most ${MOST_LETTERS} characters`);
  const words = search.normalize('NFC').toLowerCase().replaceAll('’', "'").split(/\s+/);
  return words.filter((word) => word !== '').map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}

const folded = (text: string): string => `replace(lower(${text}), '’', '''')`;

/** People by every word in their name, or in their name, post and agency of today together. */
const byWords = (row: string, patterns: string, bind: Bind): string => `(${folded(`${row}.name`)} like all (${patterns})
  or ${row}.id in (select h.contact_id from holding h
    join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
    join post p on p.authority_id = h.authority_id and p.id = h.post_id
    join agency a on a.authority_id = p.authority_id and a.id = p.agency_id
    where h.authority_id = ${row}.authority_id and h.from_on <= ${bind(today, 'date')}
    and (h.to_on is null or h.to_on > ${bind(today, 'date')})
    and ${folded(`concat_ws(' ', c.name, p.title, a.name)`)} like all (${patterns})))`;

const ofAgency: Filter = {
  type: () => ID,
  description: 'Only people who hold a post at this agency now.',
  where: (row, value, bind) => `exists (select 1 from holding h
    join post p on p.authority_id = h.authority_id and p.id = h.post_id
    where h.authority_id = ${row}.authority_id and h.contact_id = ${row}.id
    and p.agency_id = ${value('uuid', (id: string) => uuidOf('Agency', id))}
    and h.from_on <= ${bind(today, 'date')} and (h.to_on is null or h.to_on > ${bind(today, 'date')}))`,
};

/** Questions and changes about agencies and the people who come from them. */
@Resolver()
export class DirectoryResolver {}

defineQueries(DirectoryResolver, {
  me: single(() => MeNode, { description: 'Whoever asks.' }),
  agencies: list(() => AgencyNode, {
    description: 'Agencies, in order of their names.',
    policy: 'directory',
    order: { sql: (row) => `lower(${row}.name)`, type: 'text' },
    filters: {
      search: {
        type: () => String,
        description: 'Only those with all these words in their name.',
        where: (row, value) => `${folded(`${row}.name`)} like all (${value('text[]', patternsOf)})`,
      },
      category: {
        type: () => CategoryCode,
        description: 'Only agencies of this kind.',
        where: (row, value) => `${row}.category = ${value('text')}`,
      },
    },
  }),
  contacts: list(() => ContactNode, {
    description: 'People, in order of their names. A partner finds its own agency’s people.',
    policy: 'directory',
    order: { sql: (row) => `lower(${row}.name)`, type: 'text' },
    filters: {
      search: {
        type: () => String,
        description: 'Only those with all these words in their name, post and agency.',
        where: (row, value, bind) => byWords(row, value('text[]', patternsOf), bind),
      },
      agency: ofAgency,
      status: {
        type: () => [ContactStatusCode],
        description:
          'Only people who stand so, such as ACTIVE and UNVERIFIED; those who have left as well if not given.',
        where: (row, value) => `${row}.status = any (${value('text[]')})`,
      },
    },
  }),
});
