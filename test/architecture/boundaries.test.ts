import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { chickens } from './fixtures/cycle/chicken.js';

const ROOT = join(import.meta.dirname, '../..');
const CYCLE = 'test/architecture/fixtures/cycle';

let lint: ESLint;

/** The texts below are in no project, so that nothing is asked of their types; the fixtures are looked at after all. */
beforeAll(() => {
  lint = new ESLint({
    cwd: ROOT,
    overrideConfig: [
      { ignores: ['!test/architecture/fixtures/'] },
      { files: ['**/*.ts'], ...(tseslint.configs.disableTypeChecked as Linter.Config) },
    ],
  });
});

/** What the project's lint says of a text, were it in this file: the rules it breaks, with their sentences. */
async function said(filePath: string, text: string): Promise<string[]> {
  const [result] = await lint.lintText(text, { filePath: join(ROOT, filePath) });
  return (result?.messages ?? []).map(({ ruleId, severity, message }) => `${severity} ${ruleId ?? ''}: ${message}`);
}

const ERROR = 2;
const broken = (rule: string, why: string): unknown =>
  expect.arrayContaining([expect.stringMatching(new RegExp(`^${ERROR} ${rule}: .*${why}`, 's'))]);

describe('lint', () => {
  it('has nothing to say of what keeps the rules', async () => {
    const domain = `import { DateTime } from 'luxon';\nimport { RuleBroken } from '../errors.js';\nexport const now = [DateTime, RuleBroken];\n`;
    expect(await said('src/meetings/example.ts', domain)).toEqual([]);
    const service = `import { Injectable } from '@nestjs/common';\nimport { MattersService } from '../matters/matters.service.js';\nexport const both = [Injectable, MattersService];\n`;
    expect(await said('src/meetings/example.service.ts', service)).toEqual([]);
    const store = `export const read = (tx: { sql(text: string, values: unknown[]): unknown }, id: string): unknown => tx.sql('select 1 where $1', [id]);\n`;
    expect(await said('src/meetings/example.store.ts', store)).toEqual([]);
  });
});

describe('refuses', () => {
  it('a framework, or a file that serves one, in a domain file', async () => {
    for (const [from, why] of [
      ['@nestjs/common', 'No dot, no framework'],
      ['typeorm', 'No dot, no framework'],
      ['node:crypto', 'No dot, no framework'],
      ['./meeting.store.js', 'A domain file imports domain files only'],
      ['../matters/matters.service.js', 'A domain file imports domain files only'],
    ] as const) {
      const text = `import { anything } from '${from}';\nexport const it = anything;\n`;
      expect([from, await said('src/meetings/example.ts', text)]).toEqual([from, broken('no-restricted-imports', why)]);
    }
  });

  it('the store, table, controller, resolver, form or jobs of the module next door', async () => {
    for (const kind of ['store', 'table', 'controller', 'resolver', 'form', 'jobs']) {
      const text = `import { anything } from '../matters/matter.${kind}.js';\nexport const it = anything;\n`;
      const messages = await said('src/meetings/example.service.ts', text);
      expect([kind, messages]).toEqual([kind, broken('no-restricted-imports', 'Next door')]);
    }
    const own = `import { anything } from './meeting.store.js';\nexport const it = anything;\n`;
    expect(await said('src/meetings/example.service.ts', own)).toEqual([]);
  });

  it('two files that need each other', async () => {
    expect(chickens).toBeInstanceOf(Function);
    const results = await lint.lintFiles([`${CYCLE}/*.ts`]);
    const found = results.map(({ messages }) => messages.map(({ ruleId, severity }) => `${severity} ${ruleId ?? ''}`));
    expect(found).toEqual([[`${ERROR} import-x/no-cycle`], [`${ERROR} import-x/no-cycle`]]);
    expect(await lint.isPathIgnored(join(ROOT, 'dist/src/main.js'))).toBe(true);
  });

  it('a knot tied with forwardRef', async () => {
    const text = `import { forwardRef, Inject } from '@nestjs/common';\nexport const both = [forwardRef, Inject];\n`;
    expect(await said('src/meetings/example.module.ts', text)).toEqual(broken('no-restricted-imports', 'A knot'));
  });

  it('SQL that is built from values', async () => {
    const built =
      'export const read = (sql: { query(text: string): unknown }, id: string): unknown => sql.query(`select ${id}`);\n';
    for (const file of ['src/meetings/example.store.ts', 'src/database/example.store.ts']) {
      expect(await said(file, built)).toEqual(broken('no-restricted-syntax', 'No built SQL'));
    }
    const order = `export const list = (rows: { orderBy(by: string): unknown }, by: string): unknown => rows.orderBy(by);\n`;
    expect(await said('src/meetings/example.store.ts', order)).toEqual(broken('no-restricted-syntax', 'Orders go raw'));
  });

  it('a repository, a transaction or the data source outside src/database', async () => {
    for (const [text, why] of [
      [
        `export const of = (m: { getRepository(c: object): unknown }): unknown => m.getRepository({});\n`,
        'Only src/database opens',
      ],
      [
        `export const of = (m: { createQueryRunner(): unknown }): unknown => m.createQueryRunner();\n`,
        'Only src/database opens',
      ],
      [`import { DataSource } from 'typeorm';\nexport const source = DataSource;\n`, 'Only src/database knows'],
    ] as const) {
      expect(await said('src/meetings/example.service.ts', text)).toEqual(broken('no-restricted-syntax', why));
      expect(await said('src/database/example.service.ts', text)).toEqual([]);
    }
  });

  it('files, functions and lists of parameters that have outgrown their limits', async () => {
    const lines = (n: number): string => Array.from({ length: n }, (_, i) => `export const a${i} = ${i};\n`).join('');
    expect(await said('src/meetings/example.service.ts', lines(301))).toEqual(broken('max-lines', '300'));
    expect(await said('src/meetings/example.service.ts', lines(300))).toEqual([]);
    const six =
      'export const f = (...all: number[]): number => all.length;\nexport function g(a: number, b: number, c: number, d: number, e: number, h: number): number {\n  return f(a, b, c, d, e, h);\n}\n';
    expect(await said('src/meetings/example.service.ts', six)).toEqual(broken('max-params', '5'));
    const branches = Array.from({ length: 8 }, (_, i) => `  if (n === ${i}) return ${i + 1};\n`).join('');
    const knotted = `export function f(n: number): number {\n${branches}  return 0;\n}\n`;
    expect(await said('src/meetings/example.service.ts', knotted)).toEqual(broken('complexity', '8'));
  });
});
