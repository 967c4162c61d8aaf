/**
 * Claims what may leave: the oldest of each stream, whose time has come, of each domain no more than `allowance` says. A
 * message waits while an older one of its stream is on its way or in doubt, so a cancellation never overtakes its
 * invitation. The lease is by the database's clock; $1 is the service's. $2 how many, $3 the worker, $4 the lease in
 * seconds, $5 allowances by domain, $6 the allowance of every other domain.
 */
export const CLAIM = `
  with ready as (
    select c.authority_id, c.id, c.not_before, c.ordinal, lower(split_part(c.to_address, '@', 2)) as domain from message c
    where c.state = 'PENDING' and c.not_before <= $1
    and coalesce(($5::jsonb ->> lower(split_part(c.to_address, '@', 2)))::int, $6::int) > 0 and not exists (
      select 1 from message o where o.authority_id = c.authority_id and o.stream = c.stream and o.ordinal < c.ordinal
      and o.state in ('PENDING', 'SENDING', 'IN_DOUBT'))
    order by c.not_before, c.ordinal limit $2::int * 8
  ), counted as (
    select *, row_number() over (partition by domain order by not_before, ordinal) as place from ready
  ), due as materialized (
    select c.authority_id, c.id from message c join counted r on r.authority_id = c.authority_id and r.id = c.id
    where c.state = 'PENDING' and c.not_before <= $1 and r.place <= coalesce(($5::jsonb ->> r.domain)::int, $6::int)
    order by c.not_before, c.ordinal limit $2 for update of c skip locked
  )
  update message m set state = 'SENDING', attempts = m.attempts + 1, reason = null,
    locked_by = $3::text || '#' || (m.attempts + 1), lease_until = now() + make_interval(secs => $4)
  from due where m.authority_id = due.authority_id and m.id = due.id
  returning m.authority_id, m.id, m.to_address, m.envelope_from, m.message_id, m.sealed_bytes, m.attempts`;

/** What has outlived its purpose, or was called back while it was on its way, is not sent. */
export const EXPIRE = `
  update message set state = 'DEAD', reason = case when not_after = '-infinity' then 'EXCLUDED' else 'EXPIRED' end where state = 'PENDING' and not_after is not null and not_after < $1`;

/**
 * The result of an attempt, only under the attempt's own fence. It also ends a doubt about that very attempt: a worker
 * that was held up for longer than its lease still knows what the server said.
 */
export const SETTLE = `
  update message set state = $4, reason = $5, not_before = coalesce($6, not_before), sent_at = $7,
    locked_by = case when $4 = 'IN_DOUBT' then locked_by end
  where authority_id = $1 and id = $2 and locked_by = $3 and state in ('SENDING', 'IN_DOUBT')`;

/** A worker that vanished leaves its messages in doubt. */
export const LOST_LEASES = `
  update message set state = 'IN_DOUBT', reason = 'The sending was cut off' where state = 'SENDING' and lease_until < now()`;

/** Doubts that have waited long enough to be settled; $1 in seconds. */
export const TO_SETTLE = `
  select authority_id, id, message_id from message
  where state = 'IN_DOUBT' and lease_until < now() - make_interval(secs => $1) order by ordinal limit 50`;

/** Only the doubt that was asked about. */
export const SETTLE_DOUBT = `
  update message set state = $3, reason = null, sent_at = $4, locked_by = null
  where authority_id = $1 and id = $2 and state = 'IN_DOUBT'`;

/** Nobody could say: it is asked again a minute later. */
export const ASK_AGAIN = `
  update message set lease_until = now() - make_interval(secs => $3) + interval '1 minute'
  where authority_id = $1 and id = $2 and state = 'IN_DOUBT'`;
