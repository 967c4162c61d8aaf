import { unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { NotAllowed, NotFound, OutOfDate, RuleBroken } from '../errors.js';
import { reportFault } from '../web/fault.js';

const logger = new Logger('GraphQL');

/** What a program reads of an error that is nobody's fault of ours; every other is INTERNAL with a reference. */
const CODES = new Set([
  'UNAUTHENTICATED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'NOT_FOUND',
  'NOT_ALLOWED',
  'OUT_OF_DATE',
]);

/** The error as it leaves: only our own words, and for our faults a reference that the log has too. */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const error = unwrapResolverError(thrown);
  const ours = saidByUs(error);
  if (ours !== undefined) return { ...placeOf(formatted), message: ours.message, extensions: ours.extensions };
  const code = String(formatted.extensions?.['code'] ?? '');
  if (CODES.has(code)) return { ...placeOf(formatted), message: formatted.message, extensions: { code } };
  if (error instanceof GraphQLError && error.originalError === undefined && code !== 'INTERNAL_SERVER_ERROR') {
    return { message: formatted.message, extensions: { code: 'BAD_REQUEST' } };
  }
  const reference = reportFault(logger, error, String(formatted.path?.[0] ?? 'request'));
  return {
    ...placeOf(formatted),
    message: 'Sorry, there is a problem with the service',
    extensions: { code: 'INTERNAL', reference },
  };
}

function saidByUs(error: unknown): { message: string; extensions: Record<string, unknown> } | undefined {
  if (error instanceof NotFound) return { message: 'Not found', extensions: { code: 'NOT_FOUND' } };
  if (error instanceof NotAllowed) {
    const { message, whoCan } = error;
    return { message, extensions: { code: 'NOT_ALLOWED', ...(whoCan === undefined ? {} : { whoCan }) } };
  }
  if (error instanceof OutOfDate) return { message: error.message, extensions: { code: 'OUT_OF_DATE' } };
  if (error instanceof RuleBroken) {
    return { message: error.message, extensions: { code: 'BAD_USER_INPUT', problem: error.code } };
  }
  return undefined;
}

function placeOf({ path, locations }: GraphQLFormattedError): Pick<GraphQLFormattedError, 'path' | 'locations'> {
  return { ...(path === undefined ? {} : { path }), ...(locations === undefined ? {} : { locations }) };
}
