import { type ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type GraphqlContext } from './context.js';
import { refuseCostly, selectedRoots } from './cost.js';
import { type Reads } from './reads.js';
import { type Asking } from './selection.js';
import { askedBy } from './unauthenticated.js';
import { wholeAnswer } from './whole-answers.js';

/**
 * What is asked of every operation before it runs: by POST, by somebody, one change at a time, not too much; and what is
 * answered without running it, when the database's own JSON is the answer.
 */
export function askingRules(reads: Reads): ApolloServerPlugin<GraphqlContext> {
  return {
    requestDidStart: async () => {
      let asking: Asking | undefined;
      return {
        didResolveOperation: async ({ request, document, operation, schema, contextValue }) => {
          if (operation === undefined) return;
          if (request.http !== undefined && request.http.method !== 'POST')
            throw refusal('Send it by POST, as JSON', 405);
          askedBy(contextValue);
          asking = askingAbout(schema, document, operation, request.variables);
          if (asking !== undefined) refuseTooMuch(asking, operation);
        },
        responseForOperation: async ({ operation, contextValue, response }) => {
          if (asking === undefined) return null;
          const answer = await wholeAnswer(reads, asking, operation, contextValue);
          if (answer === undefined) return null;
          const data = answer as unknown as Record<string, unknown>;
          return { http: response.http, body: { kind: 'single', singleResult: { data } } };
        },
      };
    },
  };
}

function refuseTooMuch(asking: Asking, operation: OperationDefinitionNode): void {
  refuseSeveralChanges(asking, operation);
  refuseCostly(asking, operation);
}

/** The operation with its variables; nothing when those do not fit, which is told when it runs. */
function askingAbout(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown> | undefined,
): Asking | undefined {
  const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  if (given.coerced === undefined) return undefined;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  return { schema, fragments, variables: given.coerced };
}

function refuseSeveralChanges(asking: Asking, operation: OperationDefinitionNode): void {
  const type = asking.schema.getMutationType();
  if (operation.operation !== OperationTypeNode.MUTATION || !type) return;
  if (selectedRoots(asking, operation, type).length > 1) {
    throw refusal('Send one change at a time, each in a request of its own', 400);
  }
}

function refusal(message: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}
