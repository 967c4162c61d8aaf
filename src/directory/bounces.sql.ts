/** A message of ours that came back. */
export interface SentMessage {
  readonly id: string;
  readonly purpose: string;
  readonly state: string;
  readonly to_address: string;
  readonly contact_id: string | null;
  readonly meeting_id: string | null;
  readonly matter_id: string | null;
  readonly bounce_kind: string | null;
}

/** $1 authority, $2 message. */
export const MESSAGE = `
  select id, purpose, state, to_address, contact_id, meeting_id, matter_id, bounce_kind from message
  where authority_id = $1 and id = $2 for update`;

/** The message with this Message-ID, if it went to this person about this meeting. $2 Message-ID, $3 meeting, $4 contact. */
export const RETURNED = `
  select id, purpose, state, to_address, contact_id, meeting_id, matter_id, bounce_kind from message
  where authority_id = $1 and message_id = $2 and meeting_id = $3 and contact_id = $4 for update`;

/** $3 kind, $4 when, $5 why. */
export const MARK_BOUNCED = `
  update message set bounce_kind = $3, bounced_at = $4, bounce_reason = $5
  where authority_id = $1 and id = $2`;

/** Everybody in the directory who is reached at an address. $2 what its spellings have in common. */
export const PEOPLE_THERE = `
  select id from contact where authority_id = $1 and address_key = $2 and status in ('ACTIVE', 'UNVERIFIED', 'ON_LEAVE')
  order by id`;

/** Messages to one person that came back for the time being. $2 contact, $3 since when. */
export const SOFT_SINCE = `
  select count(*)::int as n from message where authority_id = $1 and contact_id = $2 and bounce_kind = 'SOFT' and bounced_at >= $3`;

/** $2 since when. */
export const SENT_SINCE = `select count(*)::int as n from message where authority_id = $1 and state = 'SENT' and sent_at >= $2`;

/** Refused for good and not yet noted, of every authority. */
export const REFUSED = 'select authority_id, id from refused_messages(50)';
