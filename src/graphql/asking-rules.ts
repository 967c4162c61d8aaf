import { type ApolloServerPlugin } from '@apollo/server';
import { getVariableValues, GraphQLError } from 'graphql';
import { type GraphqlContext } from './context.js';
import { refuseCostly, selectedRoots } from './cost.js';
import { type Asking } from './selection.js';
import { askedBy } from './unauthenticated.js';

/** What is asked of every operation before it runs: by POST, by somebody, one change at a time, not too much. */
export const askingRules: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ request, document, operation, schema, contextValue }) => {
      if (operation === undefined) return;
      if (request.http !== undefined && request.http.method !== 'POST') throw refusal('Send it by POST, as JSON', 405);
      askedBy(contextValue);
      const given = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
      if (given.coerced === undefined) return;
      const fragments = Object.fromEntries(
        document.definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])),
      );
      const asking: Asking = { schema, fragments, variables: given.coerced };
      const mutation = operation.operation === 'mutation' ? schema.getMutationType() : undefined;
      if (mutation && selectedRoots(asking, operation, mutation).length > 1) {
        throw refusal('Send one change at a time, each in a request of its own', 400);
      }
      refuseCostly(asking, operation);
    },
  }),
};

function refusal(message: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}
