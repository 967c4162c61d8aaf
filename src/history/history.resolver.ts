import { Resolver } from '@nestjs/graphql';
import { defineQueries, list } from '../graphql/queries.js';
import { EventNode } from './event.type.js';

/** Questions about what happened. */
@Resolver()
export class HistoryResolver {}

defineQueries(HistoryResolver, {
  changes: list(() => EventNode, {
    description:
      'What happened, the earliest first: keep the last cursor and ask again with it as `after` for everything since. Nothing is ever put in between.',
    policy: 'meetings',
    order: { sql: (row) => `${row}.seq`, type: 'bigint' },
  }),
});
