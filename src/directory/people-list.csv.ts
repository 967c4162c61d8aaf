import { type CsvError, parse } from 'csv-parse/sync';
import { RuleBroken } from '../errors.js';
import { LIST_COLUMNS, type ListColumn, type ReadLine } from './people-list.js';

/** Most lines of one list: more would keep everybody else's changes waiting. */
export const LINES_MAX = 1000;
/** Most characters of one list, 1 MB. */
const TEXT_MAX = 1_000_000;
const FIELD = 'list';
const NEEDED: readonly ListColumn[] = ['name', 'email', 'agency', 'post'];

export interface ReadList {
  readonly lines: readonly ReadLine[];
  /** Names of columns that are not used. */
  readonly unused: readonly string[];
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a list of people (RFC 4180): UTF-8 with or without a byte order mark, separated by commas, semicolons or tabs, as
 * spreadsheets save and paste it. Throws REQUIRED, TOO_LONG or INVALID, with the line where it cannot be read.
 */
export function readList(text: string): ReadList {
  if (text.trim() === '') throw new RuleBroken('REQUIRED', 'Choose a file, or paste the list', FIELD);
  if (text.length > TEXT_MAX) throw new RuleBroken('TOO_LONG', 'The list must be 1 MB or smaller', FIELD);
  const [first, ...rows] = parsed(text);
  const names = first?.record ?? [];
  const columns = columnsOf(names);
  if (rows.length === 0) throw new RuleBroken('REQUIRED', 'The list names its columns but has nobody in it', FIELD);
  if (rows.length > LINES_MAX) {
    const message = `The list has ${rows.length.toLocaleString('en-GB')} people. Send at most 1,000 at a time`;
    throw new RuleBroken('TOO_LONG', message, FIELD);
  }
  const unused = names.filter((name, index) => columns[index] === undefined && name !== '');
  return { lines: rows.map((row) => lineOf(row, columns)), unused };
}

function parsed(text: string): Parsed[] {
  try {
    return parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      info: true,
    }) as unknown as Parsed[];
  } catch (error) {
    throw unreadable(error as CsvError);
  }
}

function unreadable(error: CsvError): RuleBroken {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new RuleBroken('INVALID', 'A quotation mark is opened and never closed. Put it right and try again', FIELD);
  }
  const where = typeof error.lines === 'number' ? `Line ${error.lines}` : 'A line';
  return new RuleBroken(
    'INVALID',
    `${where} has a quotation mark in an unexpected place. Put it right and try again`,
    FIELD,
  );
}

/** Whichever of comma, semicolon and tab the first line has most of. */
function separatorOf(text: string): string {
  const [first = ''] = text
    .replace(/^\ufeff/, '')
    .trimStart()
    .split(/\r\n|\r|\n/, 1);
  const times = (separator: string): number => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (times(other) > times(best) ? other : best));
}

function columnsOf(head: readonly string[]): (ListColumn | undefined)[] {
  const names = head.map((name) => name.toLowerCase().trim());
  const missing = NEEDED.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    const message = `The first line must name the columns. Missing: ${missing.join(', ')}`;
    throw new RuleBroken('INVALID', message, FIELD);
  }
  const twice = LIST_COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice !== undefined) throw new RuleBroken('INVALID', `The first line names the column ${twice} twice`, FIELD);
  return names.map((name) => LIST_COLUMNS.find((column) => column === name));
}

function lineOf({ record, info }: Parsed, columns: readonly (ListColumn | undefined)[]): ReadLine {
  const cells: Partial<Record<ListColumn, string>> = {};
  record.forEach((cell, index) => {
    const column = columns[index];
    if (column !== undefined) cells[column] = cell.normalize('NFC');
  });
  const breaks = record.join('').split('\n').length - 1;
  return { line: info.lines - breaks, cells, tooLong: record.length > columns.length };
}
