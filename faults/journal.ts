/**
 * A file that is only ever added to, one line of JSON for each entry, on the disk before anybody is told: what a run is
 * judged by. Entries that come while the disk is busy are written together.
 */
import { fdatasync, openSync, readFileSync, write, writeSync, fdatasyncSync } from 'node:fs';
import { promisify } from 'node:util';

const writeAll = promisify(write);
const flush = promisify(fdatasync);

export class Journal {
  private readonly file: number;
  private waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  private busy = false;

  constructor(path: string) {
    this.file = openSync(path, 'a', 0o600);
  }

  /** Adds an entry; resolves once it is on the disk. */
  async add(entry: object): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`;
    return new Promise((done, failed) => {
      this.waiting.push({ line, done, failed });
      if (!this.busy) void this.work();
    });
  }

  /** Adds an entry and waits for the disk. */
  addNow(entry: object): void {
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
    fdatasyncSync(this.file);
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await writeAll(this.file, Buffer.from(batch.map(({ line }) => line).join('')));
        await flush(this.file);
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.busy = false;
  }
}

/** Every entry of a journal, oldest first. */
export function readJournal<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
