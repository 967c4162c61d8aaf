import { Resolver } from '@nestjs/graphql';
import { badInput } from '../graphql/paging.js';
import { defineQueries, list, single } from '../graphql/queries.js';
import { MatterKindCode, MatterNode } from './matter.type.js';

/** Questions and changes about matters and who must not be told of them. */
@Resolver()
export class MattersResolver {}

defineQueries(MattersResolver, {
  matters: list(() => MatterNode, {
    description: 'The matters you may know of, the newest first.',
    policy: 'meetings',
    order: { sql: (row) => `${row}.created_at`, type: 'timestamptz' },
    descending: true,
    filters: {
      search: {
        type: () => String,
        description: 'Only those with this in their reference or title.',
        policy: 'staff',
        where: (row, value) => `lower(${row}.ref || ' ' || ${row}.neutral_title) like ${value('text', pattern)}`,
      },
      kind: {
        type: () => MatterKindCode,
        description: 'Only matters of this kind.',
        policy: 'staff',
        where: (row, value) => `${row}.kind = ${value('text')}`,
      },
    },
  }),
  matter: single(() => MatterNode, {
    description: 'The matter with this reference.',
    filters: {
      ref: {
        type: () => String,
        description: 'Its reference, such as ALL-2026-0147.',
        required: true,
        where: (row, value) => `${row}.ref = ${value('text')}`,
      },
    },
  }),
});

function pattern(search: string): string {
  if (search.length > 120) throw badInput('search has at most 120 characters');
  return `%${search
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
}
