import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const CHECKOUT = join(import.meta.dirname, '../..');

/** The service, or a command of it, as built, in a process of its own with nothing but what a person would set. */
export interface OwnProcess {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until something was said; throws with all that was said when it ended before. */
  says(words: RegExp): Promise<RegExpExecArray>;
  /** How it ended. */
  readonly ended: Promise<number | null>;
  stop(): Promise<number | null>;
}

export function run(script: string, args: string[], env: Record<string, string>): OwnProcess {
  const child = spawn(process.execPath, [join(CHECKOUT, 'dist', script.replace(/\.ts$/, '.js')), ...args], {
    cwd: CHECKOUT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
  });
  let said = '';
  let tell: () => void = () => undefined;
  const hear = (part: Buffer): void => {
    said += part.toString();
    tell();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      resolve(code);
      tell();
    });
  });
  return {
    child,
    output: () => said,
    ended,
    says: (words) =>
      new Promise((resolve, reject) => {
        tell = () => {
          const found = words.exec(said);
          if (found !== null) resolve(found);
          else if (child.exitCode !== null) reject(new Error(`It ended with ${child.exitCode}: ${said}`));
        };
        tell();
      }),
    stop: async () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
