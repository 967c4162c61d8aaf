/** The thread in which messages are taken apart, so that one that takes too long can be stopped with it. */
import { parentPort } from 'node:worker_threads';
import { takeApart } from './take-apart.js';

interface Order {
  readonly number: number;
  readonly bytes: Uint8Array;
}

parentPort?.on('message', ({ number, bytes }: Order) => {
  takeApart(bytes).then(
    (mail) => parentPort?.postMessage({ number, mail }),
    (error: unknown) =>
      parentPort?.postMessage({ number, why: error instanceof Error ? error.message : 'It is broken' }),
  );
});
