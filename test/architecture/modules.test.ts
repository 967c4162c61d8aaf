import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SRC = join(import.meta.dirname, '../../src');

/** From the top of the house to its cellar: a module may know those after it, never those before. */
const ORDER = [
  'demonstration',
  'worklist',
  'reports',
  'escalations',
  'minutes',
  'actions',
  'feeds',
  'meetings',
  'learning',
  'matters',
  'directory',
  'authorities',
  'access',
];
const FOR_EVERYBODY = ['history', 'database', 'web', 'graphql', 'mail', 'calendar'];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(SRC, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)].map((match) => join(file, '..', match[1] ?? ''));
}

const moduleOf = (file: string): string => file.split('/')[0] ?? '';

describe('the modules', () => {
  it('know only those below them', () => {
    const upward = sources(SRC).flatMap((file) => {
      const from = ORDER.indexOf(moduleOf(file));
      if (from === -1) return [];
      return importsOf(file)
        .filter((target) => ORDER.includes(moduleOf(target)) && ORDER.indexOf(moduleOf(target)) < from)
        .map((target) => `${file} -> ${target}`);
    });
    expect(upward).toEqual([]);
  });

  it('that serve everybody know nobody, but for who is acting', () => {
    const known = sources(SRC).flatMap((file) => {
      if (!FOR_EVERYBODY.includes(moduleOf(file)) || file === 'database/tables.ts') return [];
      return importsOf(file)
        .filter((target) => ORDER.includes(moduleOf(target)) && !ALLOWED.some((allowed) => target.startsWith(allowed)))
        .map((target) => `${file} -> ${target}`);
    });
    expect(known).toEqual([]);
  });

  it('have no file of a kind where an idea belongs', () => {
    const vague = sources(SRC).filter((file) =>
      /(^|\/|-)(utils?|helpers?|common|managers?|base|data|info)\.ts$/.test(file),
    );
    expect(vague).toEqual([]);
  });
});

/** Who is acting, what they may use and see, and the decorator that says who may use a route. */
const ALLOWED = ['access/actor.js', 'access/policy.js', 'access/field-policy.js', 'access/signed-in.guard.js'];
