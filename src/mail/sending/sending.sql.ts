/**
 * Claims what may leave: the oldest of each stream, whose time has come, urgent ones first, of each domain no more than
 * its allowance says. A message waits while an older one of its stream is on its way or in doubt, so a cancellation never
 * overtakes its invitation; and while its authority's mail is held, unless it is urgent and was made since. Whether it
 * still has a purpose is asked now; one that has none is dead. The lease is by the database's clock.
 *
 * $1 the service's time, $2 how many, $3 the worker, $4 the lease in seconds, $5 allowances by domain, $6 the allowance
 * of every other domain.
 */
export const CLAIM = `
  with ready as (
    select c.authority_id, c.id, c.urgent, c.not_before, c.ordinal, lower(split_part(c.to_address, '@', 2)) as domain
    from message c
    where c.state = 'PENDING' and c.not_before <= $1
    and coalesce(($5::jsonb ->> lower(split_part(c.to_address, '@', 2)))::int, $6::int) > 0
    and not exists (select 1 from mail_hold h where h.authority_id = c.authority_id and h.released_at is null
      and not (c.urgent and c.created_at >= h.held_at))
    and not exists (
      select 1 from message o where o.authority_id = c.authority_id and o.stream = c.stream and o.ordinal < c.ordinal
      and o.state in ('PENDING', 'SENDING', 'IN_DOUBT'))
    order by c.urgent desc, c.not_before, c.ordinal limit $2::int * 8
  ), counted as (
    select *, row_number() over (partition by domain order by urgent desc, not_before, ordinal) as place from ready
  ), due as materialized (
    select c.authority_id, c.id from message c join counted r on r.authority_id = c.authority_id and r.id = c.id
    where c.state = 'PENDING' and c.not_before <= $1 and r.place <= coalesce(($5::jsonb ->> r.domain)::int, $6::int)
    order by c.urgent desc, c.not_before, c.ordinal limit $2 for update of c skip locked
  ), judged as materialized (
    select d.authority_id, d.id, message_verdict(d.authority_id, d.id, $1) as verdict from due d
  ), claimed as (
    update message m set state = case when j.verdict is null then 'SENDING' else 'DEAD' end, reason = j.verdict,
      attempts = m.attempts + (j.verdict is null)::int,
      locked_by = case when j.verdict is null then $3::text || '#' || (m.attempts + 1) end,
      lease_until = now() + make_interval(secs => $4)
    from judged j where m.authority_id = j.authority_id and m.id = j.id
    returning m.authority_id, m.id, m.to_address, m.envelope_from, m.message_id, m.sealed_bytes, m.attempts,
      m.attempts_allowed, m.state
  ), begun as (
    insert into message_attempt (authority_id, message_id, attempt, worker, began_at, outcome)
    select authority_id, id, attempts, $3, $1, 'BEGUN' from claimed where state = 'SENDING'
  )
  select * from claimed`;

/**
 * With a claim the generation moves on, in the same transaction. When it cannot, because this is not the database that the
 * worker knows, nothing is claimed. $1 the lineage and $2 the generation that the worker knows, $3 the service's time.
 */
export const MOVE_ON = `
  update mail_generation set generation = generation + 1, moved_at = $3 where lineage = $1 and generation >= $2
  returning generation`;

/**
 * The result of an attempt, only under the attempt's own fence. It also ends a doubt about that very attempt: a worker
 * that was held up for longer than its lease still knows what the server said. $1 authority, $2 message, $3 fence, $4
 * state, $5 reason, $6 not before, $7 sent, $8 attempt, $9 outcome, $10 the answer, $11 now.
 */
export const SETTLE = `
  with settled as (
    update message set state = $4, reason = $5, not_before = coalesce($6, not_before), sent_at = $7,
      locked_by = case when $4 = 'IN_DOUBT' then locked_by end
    where authority_id = $1 and id = $2 and locked_by = $3 and state in ('SENDING', 'IN_DOUBT') returning id
  )
  update message_attempt set outcome = $9, answer = $10, ended_at = $11
  where authority_id = $1 and message_id = $2 and attempt = $8 and exists (select 1 from settled)`;

/** A worker that vanished leaves its messages in doubt. */
export const LOST_LEASES = `
  with lost as (
    update message set state = 'IN_DOUBT', reason = 'The sending was cut off'
    where state = 'SENDING' and lease_until < now() returning authority_id, id, attempts
  )
  update message_attempt a set outcome = 'CUT_OFF' from lost
  where a.authority_id = lost.authority_id and a.message_id = lost.id and a.attempt = lost.attempts and a.outcome = 'BEGUN'`;

/** Doubts that have waited long enough to be settled; $1 in seconds. */
export const TO_SETTLE = `
  select authority_id, id, message_id, attempts from message
  where state = 'IN_DOUBT' and lease_until < now() - make_interval(secs => $1) order by ordinal limit 50`;

/**
 * What the look-up found: taken; not taken; or nobody can tell, and then the same bytes may arrive twice, though never
 * more often than a message is tried. Only the doubt that was asked about. $3 the outcome, $4 now, $5 attempts.
 */
export const SETTLE_DOUBT = `
  with settled as (
    update message set
      state = case when $3 = 'FOUND_TAKEN' then 'SENT' when attempts >= attempts_allowed then 'DEAD' else 'PENDING' end,
      reason = case when $3 <> 'FOUND_TAKEN' and attempts >= attempts_allowed
        then case when $3 = 'NOT_KNOWN' then 'DOUBTED' else 'ATTEMPTS' end end,
      sent_at = case when $3 = 'FOUND_TAKEN' then $4::timestamptz end, locked_by = null,
      possible_repeats = possible_repeats + ($3 = 'NOT_KNOWN' and attempts < attempts_allowed)::int
    where authority_id = $1 and id = $2 and state = 'IN_DOUBT' and attempts = $5 returning id
  )
  update message_attempt set outcome = $3, ended_at = coalesce(ended_at, $4)
  where authority_id = $1 and message_id = $2 and attempt = $5 and exists (select 1 from settled)`;

/** Nobody answered the look-up: it is asked again a minute later. $3 the wait in seconds. */
export const ASK_AGAIN = `
  update message set lease_until = now() - make_interval(secs => $3) + interval '1 minute'
  where authority_id = $1 and id = $2 and state = 'IN_DOUBT'`;
