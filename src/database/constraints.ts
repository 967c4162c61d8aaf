import { QueryFailedError } from 'typeorm';
import { RuleBroken } from '../errors.js';

const excluded = new RuleBroken(
  'EXCLUDED',
  'This person cannot be invited to this matter. Ask the coordinator of the matter whom to invite instead.',
  'contact',
);

/** What a person reads when the database refuses a row: by the name of the constraint that stopped it. */
const sentences: Partial<Record<string, RuleBroken>> = {
  invitation_contact_key_standing_fk: excluded,
  invitation_post_key_standing_fk: excluded,
  invitation_agency_key_standing_fk: excluded,
  invitation_address_key_standing_fk: excluded,
  action_contact_key_standing_fk: excluded,
  action_agency_key_standing_fk: excluded,
  action_address_key_standing_fk: excluded,
  invitation_one_live: new RuleBroken('ALREADY_INVITED', 'This person is already invited to this meeting', 'contact'),
  meeting_chair_free: new RuleBroken(
    'NEEDS_CONFIRMATION',
    'The chair has another meeting at this time. Choose another time, or give a reason to go ahead.',
    'overrideReason',
  ),
  agency_name_unique: new RuleBroken('ALREADY_EXISTS', 'There is already an agency with this name', 'name'),
  inbox_address_unique: new RuleBroken('ALREADY_EXISTS', 'There is already an inbox with this address', 'address'),
  holding_once: new RuleBroken('ALREADY_EXISTS', 'This person already holds this post at that time', 'post'),
  staff_email_unique: new RuleBroken('ALREADY_EXISTS', 'There is already an account with this address', 'email'),
  contact_email_form: new RuleBroken('INVALID_EMAIL', 'Enter an email address in the correct format', 'email'),
  inbox_address_form: new RuleBroken('INVALID_EMAIL', 'Enter an email address in the correct format', 'address'),
  quorum_rule_no_overlap: new RuleBroken(
    'ALREADY_EXISTS',
    'Another version of this rule is in force then',
    'effectiveFrom',
  ),
};

const hidden = new RuleBroken('UNSAFE_TEXT', 'Remove the hidden characters: type the text here, do not paste it');
const notADate = new RuleBroken('INVALID_DATE', 'Enter a real date and time');

/** What somebody sent that no row can hold, by the database's code: a NUL or half a character, a 13th month. */
const unfit: Partial<Record<string, RuleBroken>> = {
  '22021': hidden,
  '22P05': hidden,
  '22007': notADate,
  '22008': notADate,
};

/** A refusal of the database as the sentence a person can act on; anything else is passed on as it came. */
export function asRuleBroken(error: unknown): unknown {
  const { constraint = '', code = '' } = databaseError(error) ?? {};
  return sentences[constraint] ?? unfit[code] ?? error;
}

/** Was it only bad luck (a deadlock, a lost connection), so that the whole unit may be tried again? */
export function isWorthRetrying(error: unknown): boolean {
  const code = databaseError(error)?.code ?? '';
  return code === '40001' || code === '40P01';
}

function databaseError(error: unknown): { code?: string; constraint?: string } | undefined {
  if (error instanceof QueryFailedError) return error.driverError as { code?: string; constraint?: string };
  return error instanceof Error ? (error as { code?: string; constraint?: string }) : undefined;
}
