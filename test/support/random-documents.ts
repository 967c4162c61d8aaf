import { getNamedType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';

export interface RandomDocument {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Questions that the schema allows: fields at random with other names, fragments, directives and pages of sizes in the
 * document and in variables. `roots` are the questions to begin with, with their arguments.
 */
export class RandomDocuments {
  private aliases = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly roots: readonly string[],
    private readonly random: () => number,
  ) {}

  next(): RandomDocument {
    this.aliases = 0;
    const variables = { yes: this.chance(0.5), few: 1 + Math.floor(this.random() * 3) };
    const root = this.one(this.roots);
    const name = /^\w+/.exec(root)?.[0] ?? '';
    const type = this.typeOf(this.schema.getQueryType()?.getFields()[name]);
    const body = `${this.alias()}${this.paged(root, type)} ${this.selection(type, 3)}`;
    return {
      query: `query($yes: Boolean!, $few: Int!) { used: me { name @include(if: $yes) kind } ${body} ${this.touch()} }`,
      variables,
    };
  }

  private touch(): string {
    return '... @skip(if: $yes) { unused: meetings(first: $few) { pageInfo { hasNextPage } } }';
  }

  private selection(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isObjectType(getNamedType(field.type)),
    );
    const chosen = fields.filter(() => this.chance(Math.min(1, 2.5 / fields.length)));
    const parts = (chosen.length === 0 ? fields.slice(0, 1) : chosen).map((field) => this.field(field, depth));
    if (parts.length === 0 || this.chance(0.3)) parts.push('__typename');
    return `{ ${parts.map((part) => this.wrapped(part, type.name)).join(' ')} }`;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const nested = isObjectType(type) ? this.selection(type, this.isPage(type) ? depth : depth - 1) : '';
    const name = isObjectType(type) ? this.paged(field.name, type) : field.name;
    return `${this.alias()}${name} ${this.chance(0.1) ? '@include(if: $yes)' : ''} ${nested}`;
  }

  private paged(name: string, type: GraphQLObjectType): string {
    if (!type.name.endsWith('Connection') || name.includes('first:')) return name;
    const first = `first: ${this.chance(0.4) ? '$few' : String(1 + Math.floor(this.random() * 4))}`;
    return name.includes('(') ? name.replace('(', `(${first}, `) : `${name}(${first})`;
  }

  private wrapped(part: string, typeName: string): string {
    if (this.chance(0.1)) return `... on ${typeName} { ${part} }`;
    return this.chance(0.1) ? `... @skip(if: $yes) { ${part} }` : part;
  }

  private alias(): string {
    if (this.aliases >= 2 || !this.chance(0.2)) return '';
    this.aliases += 1;
    return `${this.one(['a', 'x1', '_', 'constructor', '__proto', 'id2'])}${this.aliases}: `;
  }

  private isPage(type: GraphQLObjectType): boolean {
    return /(Connection|Edge|PageInfo)$/.test(type.name);
  }

  private typeOf(field: GraphQLField<unknown, unknown> | undefined): GraphQLObjectType {
    if (field === undefined) throw new Error('No such question');
    return getNamedType(field.type) as GraphQLObjectType;
  }

  private chance(of: number): boolean {
    return this.random() < of;
  }

  private one<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }
}
