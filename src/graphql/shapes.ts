import { type OperationDefinitionNode } from 'graphql';

/** So much is remembered of one operation: shapes of variables, times kinds of people who ask. */
export const SHAPES = 64;

/** What of the variables changes the text of a statement: numbers and switches, and whether anything was given at all. */
export function shapeOf(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): string {
  return (operation.variableDefinitions ?? [])
    .map(({ variable }) => {
      const value = variables[variable.name.value];
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return value === undefined || value === null ? '-' : '+';
    })
    .join(' ');
}
