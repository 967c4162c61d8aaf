/*
 * Reads a calendar that a stranger's server sent in a thread of its own, since some take for ever on purpose: rules that
 * match no day, tens of thousands of them, blocks within blocks. After the time allowed the thread is ended wherever it
 * is, and the service has lost nothing but that thread.
 */
import { Worker } from 'node:worker_threads';
import { type BusyTime } from './busy-times.js';
import { type BusyQuestion } from './read-busy.js';

/** For the reading itself (interop guide, section 11). */
const READING_MS = 2_000;
/** For the thread to be there at all, on a busy machine. */
const STARTING_MS = 10_000;
/** Megabytes a thread may take for a calendar of at most two. */
const MEMORY_MB = 256;

type Said = { readonly ready: true } | { readonly times: readonly BusyTime[] | undefined };

/** What `readBusy` answers; undefined for a calendar that cannot be read, or not in time. */
export function readApart(question: BusyQuestion, readingMs = READING_MS): Promise<readonly BusyTime[] | undefined> {
  const worker = aWorker();
  return new Promise((resolve) => {
    const end = (times: readonly BusyTime[] | undefined): void => {
      clearTimeout(limit);
      resolve(times);
      void worker.terminate();
    };
    const tooLong = (): void => {
      end(undefined);
    };
    let limit = setTimeout(tooLong, STARTING_MS);
    worker.on('message', (said: Said) => {
      if ('times' in said) {
        end(said.times);
        return;
      }
      clearTimeout(limit);
      limit = setTimeout(tooLong, readingMs);
      worker.postMessage(question);
    });
    worker.on('error', tooLong);
    worker.on('exit', tooLong);
  });
}

/** The built file; from source, as the tests run, a loader that reads TypeScript comes with it. */
function aWorker(): Worker {
  const isBuilt = import.meta.filename.endsWith('.js');
  const file = new URL(isBuilt ? './busy.worker.js' : './busy.worker.ts', import.meta.url);
  const execArgv = isBuilt ? [] : ['--import', 'tsx'];
  return new Worker(file, { execArgv, env: {}, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
}
