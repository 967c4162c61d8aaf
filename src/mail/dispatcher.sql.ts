import { LEASE_SECONDS } from './message.js';

/**
 * Claims what may leave: the oldest of each stream, whose time has come. A message waits while an older one of its
 * stream is on its way or in doubt, so a cancellation never overtakes its invitation. The lease is by the database's
 * clock; `now` is the service's.
 */
export const CLAIM = `
  update message m set state = 'SENDING', attempts = m.attempts + 1, reason = null,
    locked_by = $3::text || '#' || (m.attempts + 1), lease_until = now() + interval '${LEASE_SECONDS} seconds'
  from (
    select c.authority_id, c.id from message c
    where c.state = 'PENDING' and c.not_before <= $1 and not exists (
      select 1 from message o where o.authority_id = c.authority_id and o.stream = c.stream and o.ordinal < c.ordinal
      and o.state in ('PENDING', 'SENDING', 'IN_DOUBT'))
    order by c.not_before, c.ordinal limit $2 for update skip locked
  ) due
  where m.authority_id = due.authority_id and m.id = due.id
  returning m.authority_id, m.id, m.to_address, m.envelope_from, m.message_id, m.sealed_bytes, m.attempts`;

/** What has outlived its purpose, or was called back while it was on its way, is not sent. */
export const EXPIRE = `
  update message set state = 'DEAD', reason = case when not_after = '-infinity' then 'EXCLUDED' else 'EXPIRED' end where state = 'PENDING' and not_after is not null and not_after < $1`;

/** The result of an attempt, only under the attempt's own fence. */
export const SETTLE = `
  update message set state = $4, reason = $5, not_before = coalesce($6, not_before), sent_at = $7, locked_by = null
  where authority_id = $1 and id = $2 and locked_by = $3 and state = 'SENDING'`;

/** A worker that vanished leaves its messages in doubt. */
export const LOST_LEASES = `
  update message set state = 'IN_DOUBT', reason = 'The sending was cut off', locked_by = null
  where state = 'SENDING' and lease_until < now()`;

/** Doubts that have waited long enough to be settled; $1 in seconds. */
export const TO_SETTLE = `
  select authority_id, id from message where state = 'IN_DOUBT' and lease_until < now() - make_interval(secs => $1)
  order by ordinal limit 50`;

export const SETTLE_DOUBT = `
  update message set state = $3, reason = null, sent_at = $4 where authority_id = $1 and id = $2 and state = 'IN_DOUBT'`;
