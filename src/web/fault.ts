import { randomBytes } from 'node:crypto';

import { type Logger } from '@nestjs/common';

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Writes a fault of ours to the log and answers with the 8 characters that find it there; `where` holds no secret. */
export function reportFault(logger: Logger, error: unknown, where: string): string {
  const reference = Array.from(randomBytes(8), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
  logger.error(`${reference} ${where}: ${describeFault(error)}`);
  return reference;
}

/**
 * A fault in words for the log. Messages of the database and of its driver quote what people typed, so of those only
 * the kind, the code, the constraint and the table are told.
 */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error} thrown`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const said = isFromDatabase(error) ? databaseFacts(error) : error.message;
  return [`${error.name}: ${said}`, ...frames].join('\n');
}

function isFromDatabase(error: Error): boolean {
  return 'query' in error || 'parameters' in error || 'driverError' in error || 'severity' in error;
}

function databaseFacts(error: Error): string {
  const facts = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const told = [facts.code, facts.constraint, facts.table].filter((fact) => typeof fact === 'string');
  return told.length === 0 ? 'database error' : told.join(' ');
}
