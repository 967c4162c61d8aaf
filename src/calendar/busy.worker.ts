import { parentPort } from 'node:worker_threads';
import { type BusyQuestion, readBusy } from './read-busy.js';

/** The thread that reads one calendar and ends; whoever started it may end it first. */
parentPort?.once('message', (question: BusyQuestion) => {
  try {
    parentPort?.postMessage({ times: readBusy(question) });
  } catch {
    parentPort?.postMessage({ times: undefined });
  }
});
parentPort?.postMessage({ ready: true });
