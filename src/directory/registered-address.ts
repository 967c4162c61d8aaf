/**
 * The one email address that somebody is reached at, as they or a coordinator typed it. Anything but exactly one plain
 * address is refused: an address that two programs read differently reaches a stranger.
 */
import { RuleBroken } from '../errors.js';
import { addressKey, parseAddress } from '../mail/address.js';
import { type RegisteredAddress } from './contact.js';

/** The address and what its spellings have in common; throws REQUIRED or INVALID_EMAIL. */
export function registeredAddress(typed: string | null | undefined, field = 'email'): RegisteredAddress {
  const text = (typed ?? '').trim();
  if (text === '') throw new RuleBroken('REQUIRED', 'Enter an email address', field);
  const email = parseAddress(text);
  if (email !== undefined) return { email, addressKey: addressKey(email) };
  throw new RuleBroken('INVALID_EMAIL', 'Enter one email address in the correct format, like name@example.com', field);
}
