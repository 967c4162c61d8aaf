import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; link?: boolean; optional?: boolean }>;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}

function atLeast(version: string, floor: string): boolean {
  const numbers = (text: string): number[] => text.split('.').map((part) => Number.parseInt(part, 10));
  const [have, need] = [numbers(version), numbers(floor)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (have[place] ?? 0) - (need[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

describe('the lock file', () => {
  const lock = read('package-lock.json') as Lock;
  const floors = read('security-floors.json') as Record<string, { floor: string; below?: string }>;

  it('holds no package below the version that mends a known weakness', () => {
    const low = Object.entries(lock.packages).flatMap(([path, { version = '' }]) => {
      const name = path.split('node_modules/').at(-1) ?? '';
      const limit = floors[name];
      if (limit === undefined) return [];
      const fine = atLeast(version, limit.floor) && (limit.below === undefined || !atLeast(version, limit.below));
      return fine ? [] : [`${path} ${version}`];
    });
    expect(low).toEqual([]);
  });

  it('says of every package what it must hash to', () => {
    const bare = Object.entries(lock.packages).filter(
      ([path, entry]) => path !== '' && entry.integrity === undefined && entry.link !== true,
    );
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  it('names exact versions only', () => {
    const { dependencies, devDependencies, optionalDependencies } = read('package.json') as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
