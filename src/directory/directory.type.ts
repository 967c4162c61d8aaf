import { Int } from '@nestjs/graphql';
import { localDate } from '../authorities/working-days.js';
import { addFields, type Bind, column, Node, many, one, type Run } from '../graphql/graph.js';
import { LocalDate } from '../graphql/scalars.js';
import { ownAgency } from '../graphql/statement.js';
import { CategoryCode, ContactStatusCode, EndReasonCode, VerifiedHowCode } from './directory-codes.type.js';

const everybody = 'everybody';
const directory = 'directory';
const version = column('version', () => Int, { description: 'Rises with every change.', policy: everybody });

/** Today in London, for whoever asks what is so now. */
export const today = (run: Run): unknown => localDate(run.now);

const heldNow = (row: string, bind: Bind): string =>
  `${row}.from_on <= ${bind(today, 'date')} and (${row}.to_on is null or ${row}.to_on > ${bind(today, 'date')})`;

@Node({
  name: 'Agency',
  description: 'An organisation that sends people to meetings.',
  table: 'agency',
  policy: everybody,
  partner: () => 'true',
  fields: {
    name: column('name', () => String, { description: 'Its name.', policy: everybody }),
    category: column('category', () => CategoryCode, { description: 'What quorum counts.', policy: everybody }),
    discipline: column('discipline', () => String, {
      description: 'The profession within the category, such as SCHOOL_NURSE.',
      policy: everybody,
      nullable: true,
    }),
    phone: column('phone', () => String, { description: 'Its number.', policy: everybody, nullable: true }),
    endedOn: column('ended_on', () => LocalDate, {
      description: 'Since when it is no more.',
      policy: everybody,
      nullable: true,
    }),
    version,
    teams: many(() => TeamNode, 'agency_id', {
      description: 'Its teams.',
      policy: everybody,
      order: { sql: (row) => `lower(${row}.name)`, type: 'text' },
    }),
    posts: many(() => PostNode, 'agency_id', {
      description: 'The roles its people hold.',
      policy: everybody,
      order: { sql: (row) => `lower(${row}.title)`, type: 'text' },
    }),
    inboxes: many(() => InboxNode, 'agency_id', {
      description: 'Its shared mailboxes.',
      policy: everybody,
      order: { sql: (row) => `${row}.address_key`, type: 'text' },
    }),
  },
})
export class AgencyNode {}

@Node({
  name: 'Team',
  description: 'A part of an agency.',
  table: 'team',
  policy: everybody,
  partner: () => 'true',
  fields: {
    name: column('name', () => String, { description: 'Its name now.', policy: everybody }),
    formerNames: column('former_names', () => [String], {
      description: 'Names that still find it.',
      policy: everybody,
    }),
    fromOn: column('from_on', () => LocalDate, { description: 'Its first day.', policy: everybody }),
    toOn: column('to_on', () => LocalDate, {
      description: 'The first day on which it was no more.',
      policy: everybody,
      nullable: true,
    }),
    version,
    agency: one(() => AgencyNode, 'agency_id', {
      description: 'The agency it is part of.',
      policy: everybody,
      nullable: true,
    }),
  },
})
export class TeamNode {}

@Node({
  name: 'Inbox',
  description: 'A mailbox that several people of an agency read.',
  table: 'inbox',
  policy: everybody,
  partner: (row, bind) => `(not ${row}.restricted or ${row}.agency_id = ${ownAgency(bind)})`,
  fields: {
    address: column('address', () => String, { description: 'Its address.', policy: everybody }),
    restricted: column('restricted', () => Boolean, {
      description: 'Only named people read it.',
      policy: 'own-agency',
    }),
    endedOn: column('ended_on', () => LocalDate, {
      description: 'Since when it is no more.',
      policy: everybody,
      nullable: true,
    }),
    version,
    agency: one(() => AgencyNode, 'agency_id', {
      description: 'The agency it belongs to.',
      policy: everybody,
      nullable: true,
    }),
    team: one(() => TeamNode, 'team_id', { description: 'The team that reads it.', policy: everybody, nullable: true }),
  },
  own: (row, bind) => `${row}.agency_id = ${ownAgency(bind)}`,
})
export class InboxNode {}

@Node({
  name: 'Post',
  description: 'A role in an agency that outlasts whoever holds it.',
  table: 'post',
  policy: everybody,
  partner: () => 'true',
  fields: {
    title: column('title', () => String, { description: 'What the role is called.', policy: everybody }),
    discipline: column('discipline', () => String, {
      description: 'The profession it asks for.',
      policy: everybody,
      nullable: true,
    }),
    canDecide: column('can_decide', () => Boolean, {
      description: 'Whoever holds it may decide for the agency.',
      policy: everybody,
    }),
    functions: column('functions', () => [String], { description: 'What it does in safeguarding.', policy: everybody }),
    endedOn: column('ended_on', () => LocalDate, {
      description: 'Since when it is no more.',
      policy: everybody,
      nullable: true,
    }),
    version,
    agency: one(() => AgencyNode, 'agency_id', {
      description: 'The agency it belongs to.',
      policy: everybody,
      nullable: true,
    }),
    team: one(() => TeamNode, 'team_id', { description: 'The team it belongs to.', policy: everybody, nullable: true }),
    holdings: many(() => HoldingNode, 'post_id', {
      description: 'Who holds and held it, the newest first; a partner sees its own agency’s people.',
      policy: directory,
      order: { sql: (row) => `${row}.from_on`, type: 'date' },
      descending: true,
    }),
  },
})
export class PostNode {}

const verificationDueOf = (contact: string): string => `(coalesce(${contact}.last_verified_at, ${contact}.created_at)
  + make_interval(days => coalesce((select u.reverify_days from directory_upkeep u where u.authority_id = ${contact}.authority_id), 90)))`;

const isOwnPerson = (contact: string, bind: Bind): string => `exists (select 1 from holding own_h
  join post own_p on own_p.authority_id = own_h.authority_id and own_p.id = own_h.post_id
  where own_h.authority_id = ${contact}.authority_id and own_h.contact_id = ${contact}.id
  and own_p.agency_id = ${ownAgency(bind)} and (own_h.to_on is null or own_h.to_on > ${bind(today, 'date')}))`;

@Node({
  name: 'Contact',
  description: 'A named person who can be asked to a meeting. A partner sees its own agency’s people and nobody else.',
  table: 'contact',
  policy: directory,
  partner: isOwnPerson,
  fields: {
    name: column('name', () => String, { description: 'Their full name.', policy: everybody }),
    email: column('email', () => String, { description: 'Where their mail goes.', policy: everybody }),
    phone: column('phone', () => String, { description: 'Their number at work.', policy: everybody, nullable: true }),
    mobile: column('mobile', () => String, { description: 'Their mobile number.', policy: everybody, nullable: true }),
    accessNeeds: column('access_needs', () => String, {
      description: 'What they need to take part, such as step-free access.',
      policy: everybody,
      nullable: true,
    }),
    status: column('status', () => ContactStatusCode, { description: 'Whether they can be asked.', policy: everybody }),
    lastVerifiedAt: column('last_verified_at', () => Date, {
      description: 'When their particulars were last found to be right.',
      policy: everybody,
      nullable: true,
    }),
    verificationDue: column(
      (row) => verificationDueOf(row),
      () => Date,
      {
        description: 'When they are asked whether their particulars are still right, unless they show it before.',
        policy: everybody,
        nullable: true,
      },
    ),
    verifiedHow: column('verified_how', () => VerifiedHowCode, {
      description: 'By what.',
      policy: everybody,
      nullable: true,
    }),
    version,
    post: one(
      () => PostNode,
      (
        contact,
        post,
        bind,
      ) => `${post}.id = (select h.post_id from holding h where h.authority_id = ${contact}.authority_id
        and h.contact_id = ${contact}.id and ${heldNow('h', bind)} order by h.from_on desc, h.id desc limit 1)`,
      { description: 'The post they hold now; the newest of several.', policy: everybody, nullable: true },
    ),
    holdings: many(() => HoldingNode, 'contact_id', {
      description: 'The posts they hold and held, the newest first.',
      policy: everybody,
      order: { sql: (row) => `${row}.from_on`, type: 'date' },
      descending: true,
    }),
  },
})
export class ContactNode {}

@Node({
  name: 'Holding',
  description: 'The dated fact that somebody holds a post.',
  table: 'holding',
  policy: directory,
  partner: (row, bind) => `exists (select 1 from post own_p where own_p.authority_id = ${row}.authority_id
    and own_p.id = ${row}.post_id and own_p.agency_id = ${ownAgency(bind)})`,
  fields: {
    fromOn: column('from_on', () => LocalDate, { description: 'The first day.', policy: everybody }),
    toOn: column('to_on', () => LocalDate, {
      description: 'The first day on which they no longer held it; null while they do.',
      policy: everybody,
      nullable: true,
    }),
    endReason: column('end_reason', () => EndReasonCode, {
      description: 'Why it ended.',
      policy: everybody,
      nullable: true,
    }),
    version,
    post: one(() => PostNode, 'post_id', { description: 'The post.', policy: everybody, nullable: true }),
  },
})
export class HoldingNode {}

addFields(HoldingNode, {
  contact: one(() => ContactNode, 'contact_id', { description: 'Who holds it.', policy: everybody, nullable: true }),
});
