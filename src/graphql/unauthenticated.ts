import { GraphQLError } from 'graphql';
import { type Actor } from '../access/actor.js';

/** Whoever asks; refuses nobody with UNAUTHENTICATED. */
export function askedBy({ by }: { readonly by: Actor | undefined }): Actor {
  if (by === undefined) throw unauthenticated();
  return by;
}

export function unauthenticated(): GraphQLError {
  return new GraphQLError('Sign in, or send the token of a partner system', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
