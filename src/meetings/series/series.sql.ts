/** The meetings of a series, $2, in their order. */
export const OF_SERIES = `select id, ref, series_number as "number", starts_at as "startsAt", ends_at as "endsAt", status
  from meeting where authority_id = $1 and series_id = $2 order by series_number`;

/** Those after number $3 that still stand in diaries and begin after $4. */
export const LATER = `select id from meeting where authority_id = $1 and series_id = $2 and series_number > $3
  and (status = 'SCHEDULED' or status = 'PROPOSED' and last_stamped_at is not null) and starts_at > $4
  order by series_number`;
