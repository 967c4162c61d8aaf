/** What is read of offered actions; `$1` is the authority in each. */

const SHOWN = `select o.id, o.version, o.status, o.reason, o.offered_at as "offeredAt", o.contact_id as "contactId", c.name,
    a.id as "actionId", a.ref, a.text, a.due_on::text as "dueOn", t.ref as "matterRef", g.name as "agencyName"
  from action_offer o
  join action a on a.authority_id = o.authority_id and a.id = o.action_id
  join matter t on t.authority_id = o.authority_id and t.id = o.matter_id
  join contact c on c.authority_id = o.authority_id and c.id = o.contact_id
  join agency g on g.authority_id = o.authority_id and g.id = o.agency_id
  where o.authority_id = $1`;

/** $2: the contact. What is offered to them. */
export const OFFERED_TO = `${SHOWN} and o.contact_id = $2 and o.status = 'OFFERED' order by a.due_on, o.id limit 100`;

/** $2: the offer. */
export const ONE_OFFER = `${SHOWN} and o.id = $2`;

/** $2: the action. The latest first. */
export const OFFERS_OF_ACTION = `${SHOWN} and o.action_id = $2 order by o.offered_at desc, o.id desc`;

/** $2: the action. */
export const OPEN_OF_ACTION = `select id from action_offer where authority_id = $1 and action_id = $2 and status = 'OFFERED'`;

/** $2: the contact. */
export const OPEN_OF_CONTACT = `select id from action_offer where authority_id = $1 and contact_id = $2 and status = 'OFFERED' order by id`;

/** $2: the matter; $3: keys. */
export const OPEN_BEHIND = `select id from action_offer where authority_id = $1 and matter_id = $2 and status = 'OFFERED'
  and (contact_key = any ($3) or agency_key = any ($3) or address_key = any ($3)) order by id`;

/** $2: the post. Actions that its former holders left behind and that nobody is offered, nor was refused by $3, a contact. */
export const ORPHANS_OF_POST = `select a.id from action a where a.authority_id = $1 and a.owner_post_id = $2 and a.status = 'ORPHANED'
  and a.owner_contact_id <> $3 and not exists (select 1 from action_offer o where o.authority_id = a.authority_id
    and o.action_id = a.id and (o.status = 'OFFERED' or o.contact_id = $3)) order by a.id`;

/** $2: the contact. Actions that they left behind. */
export const ORPHANS_OF_CONTACT = `select id from action where authority_id = $1 and owner_contact_id = $2 and status = 'ORPHANED'
  order by id`;
