import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program other than ours that reads calendars. */
export interface OtherReader {
  readonly name: string;
  /** How to get it on Debian. */
  readonly needs: string;
  readonly isHere: boolean;
  /** One line for each calendar: when its event starts and ends, in seconds since 1970; or what is wrong with it. */
  read(calendars: readonly string[]): string[];
}

const PYTHON = '/usr/bin/python3';
const inSupport = (file: string): string => join(import.meta.dirname, file);

function framed(calendars: readonly string[]): Buffer {
  return Buffer.concat(
    calendars.map((text) => {
      const bytes = Buffer.from(text);
      return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
    }),
  );
}

/** One process for all of them; each line loses the number it begins with. */
function linesOf(program: string, args: string[], calendars: readonly string[]): string[] {
  const output = execFileSync(program, args, { input: framed(calendars), maxBuffer: 2 ** 28, encoding: 'utf8' });
  const lines = output.trimEnd().split('\n');
  return lines.map((line) => line.replace(/^\d+ /, ''));
}

function readByLibical(calendars: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-libical-'));
  try {
    const program = join(folder, 'check-calendars');
    execFileSync('gcc', ['-O1', '-o', program, inSupport('check-calendars.c'), '-lical']);
    return linesOf(program, [], calendars);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runs(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const OTHER_READERS: readonly OtherReader[] = [
  {
    name: 'libical, with its restriction check',
    needs: 'apt-get install libical-dev gcc libc6-dev',
    isHere: existsSync('/usr/include/libical/ical.h') && runs('gcc', ['--version']),
    read: readByLibical,
  },
  {
    name: 'python3-icalendar',
    needs: 'apt-get install python3-icalendar',
    isHere: runs(PYTHON, ['-c', 'import icalendar']),
    read: (calendars) => linesOf(PYTHON, [inSupport('check-calendars.py')], calendars),
  },
];
