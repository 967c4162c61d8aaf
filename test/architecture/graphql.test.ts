import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  type NameNode,
  parse,
  printSchema,
  printType,
  type StringValueNode,
  visit,
} from 'graphql';
import { attach } from '../../src/graphql/attach.js';
import { nodes } from '../../src/graphql/graph.js';
import { mutations, payloads } from '../../src/graphql/payloads.js';
import { queries } from '../../src/graphql/queries.js';
import { Reads } from '../../src/graphql/reads.js';
import { startService, type TestService } from '../support/service.js';

const FILE = join(import.meta.dirname, '../../schema.gql');

interface Explained {
  readonly name: NameNode;
  readonly description?: StringValueNode | undefined;
  readonly loc?: { readonly start: number } | undefined;
}

let service: TestService;
let schema: GraphQLSchema;

beforeAll(async () => {
  service = await startService();
  schema = service.get(GraphQLSchemaHost).schema;
});

afterAll(async () => {
  await service.stop();
});

describe('the schema', () => {
  it('is the one that is committed; `npm run schema` writes it', async () => {
    const made = `${printSchema(schema)}\n`;
    if (process.env.WRITE_SCHEMA === 'true') await writeFile(FILE, made);
    expect(made).toBe(await readFile(FILE, 'utf8'));
  });

  it('explains every type, field and argument: it is the manual', () => {
    const silent: string[] = [];
    const hear = (node: Explained): void => {
      const said = node.description?.value ?? '';
      if (!/^[A-Z`].*[.`]$/s.test(said)) silent.push(`${node.name.value} at ${String(node.loc?.start)}`);
    };
    visit(parse(printSchema(schema)), {
      ObjectTypeDefinition: (node) => {
        if (node.name.value !== 'Query' && node.name.value !== 'Mutation') hear(node);
      },
      InterfaceTypeDefinition: hear,
      InputObjectTypeDefinition: hear,
      EnumTypeDefinition: hear,
      ScalarTypeDefinition: hear,
      FieldDefinition: hear,
      InputValueDefinition: (node) => {
        if (node.name.value !== 'input') hear(node);
      },
    });
    expect(silent).toEqual([]);
  });

  it('has a policy for every field, question and change', () => {
    const fieldsOf = (name: string): string[] => Object.keys((schema.getType(name) as GraphQLObjectType).getFields());
    expect(fieldsOf('Query').filter((name) => !queries.has(name))).toEqual([]);
    expect(fieldsOf('Mutation').filter((name) => !mutations.has(name))).toEqual([]);
    for (const node of nodes.values()) {
      const unsaid = fieldsOf(node.name).filter((name) => node.fields.get(name)?.policy === undefined);
      expect([node.name, unsaid]).toEqual([node.name, node.key === null ? [] : ['id']]);
    }
  });

  it('may leave out whatever somebody may not see', () => {
    const isForced = (typeName: string, name: string): boolean => {
      const type = schema.getType(typeName);
      return isObjectType(type) && isNonNullType(type.getFields()[name]?.type);
    };
    const forced = [...nodes.values()].flatMap((node) =>
      [...node.fields].filter(([name, field]) => isForced(node.name, name) && field.policy !== 'everybody'),
    );
    expect(forced).toEqual([]);
    expect([isForced('Meeting', 'ref'), isForced('Meeting', 'type')]).toEqual([true, false]);
  });

  it('takes one input for each change, with a key, and answers with problems', () => {
    const change = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ args, type }) => ({
      args: args.map(({ name }) => name),
      payload: schema.getType(String(type).replace('!', '')),
      input: schema.getType(String(args[0]?.type).replace('!', '')),
    }));
    expect(change.length).toBeGreaterThan(15);
    for (const { args, payload, input } of change) {
      expect(args).toEqual(['input']);
      expect(payloads.has(payload?.name ?? '')).toBe(true);
      expect(printType(payload as GraphQLObjectType)).toContain('problems: [Problem!]!');
      expect(printType(input as GraphQLObjectType)).toContain('clientMutationId: String');
    }
  });
});

describe('refuses to start', () => {
  it('with a field, a type or a question that nobody has said who may see', () => {
    const reads = service.get(Reads);
    const planted = (name: string, field: string): (() => unknown) => {
      const old = schema.getType(name) as GraphQLObjectType;
      const config = old.toConfig();
      const [like] = Object.values(config.fields);
      const fields = { ...config.fields, ...(like === undefined ? {} : { [field]: like }) };
      const type = new GraphQLObjectType({ ...config, fields });
      const query = schema.getQueryType();
      const types = { ...schema.getTypeMap(), [name]: type } as Record<string, GraphQLNamedType>;
      const changed = { getTypeMap: () => types, getQueryType: () => (query === old ? type : query) };
      return () => attach({ ...changed, getMutationType: () => schema.getMutationType() } as GraphQLSchema, reads);
    };
    expect(planted('Meeting', 'subject')).toThrow('Nobody has said who may see Meeting.subject');
    expect(planted('Query', 'everything')).toThrow('Nobody has said who may see Query.everything');
    expect(() => attach(schema, reads)).not.toThrow();
  });
});
