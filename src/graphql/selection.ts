import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
} from 'graphql';

/** What a question is about: its words, with the values of its variables. */
export interface Asking {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One field as asked for: under which key it is answered, and everything that was said about it. */
export interface Selected {
  readonly key: string;
  readonly name: string;
  /** All of the same key: their selections count together. */
  readonly nodes: FieldNode[];
}

/** The fields selected below some field nodes, with fragments opened and what is skipped left out. */
export function selectedBelow(asking: Asking, type: GraphQLObjectType, parents: readonly FieldNode[]): Selected[] {
  const found = new Map<string, Selected>();
  const seen = new Set<string>();
  for (const { selectionSet } of parents) collect({ asking, type, found, seen }, selectionSet?.selections ?? []);
  return [...found.values()];
}

interface Collecting {
  readonly asking: Asking;
  readonly type: GraphQLObjectType;
  readonly found: Map<string, Selected>;
  readonly seen: Set<string>;
}

function collect(at: Collecting, selections: readonly SelectionNode[]): void {
  for (const selection of selections) {
    if (!isIncluded(selection, at.asking.variables)) continue;
    if (selection.kind === Kind.FIELD) addField(at, selection);
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      if (applies(at.type, selection.typeCondition?.name.value)) collect(at, selection.selectionSet.selections);
    } else addFragment(at, selection.name.value);
  }
}

function addField({ found }: Collecting, node: FieldNode): void {
  const key = node.alias?.value ?? node.name.value;
  const same = found.get(key);
  if (same === undefined) found.set(key, { key, name: node.name.value, nodes: [node] });
  else same.nodes.push(node);
}

function addFragment(at: Collecting, name: string): void {
  const fragment = at.asking.fragments[name];
  if (fragment === undefined || at.seen.has(name)) return;
  at.seen.add(name);
  if (applies(at.type, fragment.typeCondition.name.value)) collect(at, fragment.selectionSet.selections);
}

function applies(type: GraphQLObjectType, condition: string | undefined): boolean {
  return (
    condition === undefined || condition === type.name || type.getInterfaces().some(({ name }) => name === condition)
  );
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}
