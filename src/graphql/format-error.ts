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
  const said = saidByUs(error) ?? saidOfTheRequest(formatted, error);
  if (said !== undefined) return { ...placeOf(formatted), ...said };
  const reference = reportFault(logger, error, String(formatted.path?.[0] ?? 'request'));
  return {
    ...placeOf(formatted),
    message: 'Sorry, there is a problem with the service',
    extensions: { code: 'INTERNAL', reference },
  };
}

type Said = Pick<GraphQLFormattedError, 'message' | 'extensions'>;

/** What is wrong with the question itself, in the words of GraphQL. */
function saidOfTheRequest({ message, extensions }: GraphQLFormattedError, error: unknown): Said | undefined {
  const code = extensions?.code;
  if (typeof code === 'string' && CODES.has(code)) return { message: withoutLimits(message), extensions: { code } };
  const isFault = !(error instanceof GraphQLError) || error.originalError !== undefined;
  return isFault || code === 'INTERNAL_SERVER_ERROR' ? undefined : { message, extensions: { code: 'BAD_REQUEST' } };
}

/** What the limits are is nobody's business. */
function withoutLimits(message: string): string {
  return message.replace(/more that \d+ tokens/, 'too many tokens');
}

function saidByUs(error: unknown): Said | undefined {
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
