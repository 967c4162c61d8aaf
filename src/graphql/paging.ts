import { Int, type ReturnTypeFunc } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';

/** How many of a list come when nobody says, and at most: the second bounds the work of one question. */
export const USUAL_PAGE = 20;
export const LARGEST_PAGE = 100;

export const pageArguments: Readonly<Record<'first' | 'after', { type: ReturnTypeFunc; description: string }>> = {
  first: {
    type: () => Int,
    description: `How many, from 1 to ${LARGEST_PAGE}; ${USUAL_PAGE} if not given. It counts towards the cost of the question.`,
  },
  after: { type: () => String, description: 'Go on behind this cursor.' },
};

/** The size of a page as asked for; larger ones are cut to the largest, none and fewer are refused. */
export function pageSize(first: unknown): number {
  if (first === undefined || first === null) return USUAL_PAGE;
  if (typeof first !== 'number' || first < 1) throw badInput(`first must be between 1 and ${LARGEST_PAGE}`);
  return Math.min(first, LARGEST_PAGE);
}

/** What was asked cannot be meant. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}
