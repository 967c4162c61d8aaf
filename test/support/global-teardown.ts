import { type ChildProcess } from 'node:child_process';

/** Stops the run's server and fails the run if anything of it is left on the machine. */
export default async function tearDown(): Promise<void> {
  const { quorateClusterHost: host } = globalThis as { quorateClusterHost?: ChildProcess };
  if (!host) return;
  if (host.connected) {
    const ended = new Promise((resolve) => host.once('exit', resolve));
    host.disconnect();
    await ended;
  }
  if (host.exitCode !== 0) throw new Error('The tests left something behind: what it was stands above.');
}
