import { fork } from 'node:child_process';
import { join } from 'node:path';

interface Run {
  readonly testPathPatterns: { readonly patterns: readonly string[] };
}

/** Starts the run's database server, unless only tests that need none were asked for. */
export default async function setUp(run: Run): Promise<void> {
  process.env.QUORATE_TEST_RUN = `${process.pid}`;
  const { patterns } = run.testPathPatterns;
  if (patterns.length > 0 && patterns.every((pattern) => /\btest\/rules\b/.test(pattern))) return;
  const options = { execArgv: ['--disable-warning=ExperimentalWarning', '--import', 'tsx'] };
  const host = fork(join(import.meta.dirname, 'cluster-host.ts'), options);
  const ready = await new Promise<unknown>((resolve) => host.once('message', resolve).once('exit', resolve));
  if (typeof ready !== 'object') throw new Error('The server for the tests did not start: the reason stands above.');
  Object.assign(process.env, ready);
  Object.assign(globalThis, { quorateClusterHost: host });
}
