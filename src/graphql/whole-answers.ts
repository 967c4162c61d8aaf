import { type FormattedExecutionResult, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { type GraphqlContext } from './context.js';
import { selectedRoots } from './cost.js';
import { type Reads } from './reads.js';
import { type Asking } from './selection.js';

/** An answer that is JSON text already, as the database made it. */
export class WholeAnswer {
  constructor(readonly text: string) {}
}

/**
 * The answer to a whole query as the database's own JSON, put together without being read: reading and checking each
 * field once more takes longer than the database takes. Nothing for a query that needs more than that; whatever is to be
 * refused is refused by the ordinary way, so that there is one way to say no.
 */
export async function wholeAnswer(
  reads: Reads,
  asking: Asking,
  operation: OperationDefinitionNode,
  context: GraphqlContext,
): Promise<WholeAnswer | undefined> {
  const parent = asking.schema.getQueryType();
  if (operation.operation !== OperationTypeNode.QUERY || !parent) return undefined;
  const selected = selectedRoots(asking, operation, parent);
  const read = selected.filter(({ name }) => name !== '__typename');
  try {
    const texts = await reads.answersAsText(
      context,
      read.map((one) => ({ ...asking, operation, parent, selected: one })),
    );
    if (texts === undefined) return undefined;
    const parts = selected.map((one) => `"${one.key}":${texts[read.indexOf(one)] ?? '"Query"'}`);
    return new WholeAnswer(`{${parts.join(',')}}`);
  } catch {
    return undefined;
  }
}

/** The answer as it is sent. */
export function stringifyAnswer(result: FormattedExecutionResult): string {
  const { data } = result as { data?: unknown };
  return data instanceof WholeAnswer ? `{"data":${data.text}}\n` : `${JSON.stringify(result)}\n`;
}
