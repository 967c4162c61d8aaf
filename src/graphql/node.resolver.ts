import { ID, Resolver } from '@nestjs/graphql';
import { NodeInterface } from './node-interface.js';
import { anything, defineQueries } from './queries.js';

/** The question by id alone. */
@Resolver()
export class NodeResolver {}

defineQueries(NodeResolver, {
  node: anything(
    NodeInterface as never,
    { id: { type: () => ID, description: 'An id that another question gave.', required: true } },
    'Whatever an id names.',
  ),
});
