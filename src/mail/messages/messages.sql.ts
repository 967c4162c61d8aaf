/** One message with whom and what it is about. */
export const ONE = `
  select g.id, g.purpose, g.stream, g.to_address, g.subject, g.message_id, g.state, g.reason, g.attempts, g.possible_repeats,
    g.not_before, g.created_at, g.sent_at, g.sealed_bytes, g.matter_id, g.meeting_id, g.contact_id, g.ordinal,
    c.name as contact_name, m.ref as meeting_ref, t.ref as matter_ref, g.bounce_kind, g.bounced_at, g.bounce_reason
  from message g
  left join contact c on c.authority_id = g.authority_id and c.id = g.contact_id
  left join meeting m on m.authority_id = g.authority_id and m.id = g.meeting_id
  left join matter t on t.authority_id = g.authority_id and t.id = g.matter_id
  where g.authority_id = $1 and g.id = $2`;

export const ATTEMPTS = `select attempt, began_at, ended_at, outcome, answer from message_attempt
  where authority_id = $1 and message_id = $2 order by attempt`;

/** What was recorded of its meeting and its invitation when a message was made. $2 when, $3 the matter, $4 the meeting, $5 the contact. */
export const CAUSES = `select action, actor from event where authority_id = $1 and at = $2
  and matter_id is not distinct from $3::uuid and action not like '%ing'
  and ($4::uuid is null or object = 'meeting:' || $4::uuid or object in (select 'invitation:' || i.id from invitation i
    where i.authority_id = $1 and i.meeting_id = $4 and i.contact_id = $5))
  order by seq limit 20`;

const LINE = `g.id, g.purpose, g.subject, g.to_address, g.state, g.reason, g.created_at, g.sent_at, g.not_before, g.possible_repeats,
    g.bounce_kind, c.name as contact_name`;

/** $2 the meeting: its messages, newest first. */
export const OF_MEETING = `select ${LINE} from message g
  left join contact c on c.authority_id = g.authority_id and c.id = g.contact_id
  where g.authority_id = $1 and g.meeting_id = $2 order by g.ordinal desc limit 200`;

/** Messages since $2 that are in doubt, came back, were given up or may have arrived twice; newest first. */
export const TROUBLED = `select ${LINE} from message g
  left join contact c on c.authority_id = g.authority_id and c.id = g.contact_id
  where g.authority_id = $1 and g.created_at > $2 and g.purpose <> 'CODE' and (g.state = 'IN_DOUBT' or g.possible_repeats > 0
    or g.bounce_kind in ('HARD', 'UNCLEAR')
    or (g.state = 'DEAD' and g.reason in ('REFUSED', 'ATTEMPTS', 'DOUBTED', 'EXPIRED', 'STARTED', 'BOUNCED')))
  order by g.ordinal desc limit 200`;

/** The worker passes over a row that is locked; whoever has the lock decides. */
export const LOCK = `select state, reason, purpose, stream, ordinal, attempts, matter_id, meeting_id, contact_id
  from message where authority_id = $1 and id = $2 for update`;

export const STOP = `update message set state = 'DEAD', reason = 'STOPPED' where authority_id = $1 and id = $2`;

export const STOP_OF_MEETING = `update message set state = 'DEAD', reason = 'STOPPED'
  where authority_id = $1 and meeting_id = $2 and state = 'PENDING' and purpose <> 'CONFIRMATION' returning id, contact_id`;

/** A newer message of the stream that has left, or will. */
export const OVERTAKEN = `select 1 from message where authority_id = $1 and stream = $2 and ordinal > $3
  and state <> 'DEAD' limit 1`;

export const TRY_AGAIN = `update message set state = 'PENDING', reason = null, not_before = $3, attempts_allowed = attempts + 8,
  possible_repeats = possible_repeats + (reason = 'DOUBTED')::int
  where authority_id = $1 and id = $2`;
