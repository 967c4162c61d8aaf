/** Every address of a page, in one place, for controllers, views, emails and tests. */
const part = encodeURIComponent;

/** What is done with one contact, and with one agency. */
export type ContactPart =
  'edit' | 'verification' | 'posts' | 'leaving' | 'absence' | 'back' | 'return' | 'merger' | 'calendar';
export type AgencyPart = 'edit' | 'ending' | 'teams' | 'inboxes' | 'posts' | 'who-to-ask';
/** What is done with one invitation. */
export type InvitationPart = 'resending' | 'withdrawal' | 'answer' | 'substitute' | 'need';
/** What is done with one action. */
export type ActionPart = 'owner' | 'due-date' | 'verification' | 'return' | 'cancellation' | 'message';

export const paths = {
  worklist: () => '/',
  signIn: () => '/sign-in',
  signOut: () => '/sign-out',

  meetings: () => '/meetings',
  newMeeting: () => '/meetings/new',
  meeting: (id: string) => `/meetings/${part(id)}`,
  editMeeting: (id: string) => `/meetings/${part(id)}/edit`,
  meetingSeries: (id: string) => `/meetings/${part(id)}/series`,
  meetingConfirmation: (id: string) => `/meetings/${part(id)}/confirmation`,
  cancellation: (id: string) => `/meetings/${part(id)}/cancellation`,
  invitations: (id: string) => `/meetings/${part(id)}/invitations`,
  invitationPart: (id: string, invitationId: string, what: InvitationPart) =>
    `/meetings/${part(id)}/invitations/${part(invitationId)}/${what}`,
  meetingChair: (id: string) => `/meetings/${part(id)}/chair`,
  attendance: (id: string) => `/meetings/${part(id)}/attendance`,
  meetingMessagesStop: (id: string) => `/meetings/${part(id)}/messages/stop`,
  proposalPart: (id: string, proposalId: string, what: 'move' | 'refusal') =>
    `/meetings/${part(id)}/proposals/${part(proposalId)}/${what}`,
  meetingActions: (id: string) => `/meetings/${part(id)}/actions`,

  matters: () => '/matters',
  newMatter: () => '/matters/new',
  matter: (id: string) => `/matters/${part(id)}`,
  editMatter: (id: string) => `/matters/${part(id)}/edit`,
  matterClosure: (id: string) => `/matters/${part(id)}/closure`,
  matterReopening: (id: string) => `/matters/${part(id)}/reopening`,
  matterCoordinator: (id: string) => `/matters/${part(id)}/coordinator`,
  matterReaders: (id: string) => `/matters/${part(id)}/readers`,
  matterReader: (id: string, staffId: string) => `/matters/${part(id)}/readers/${part(staffId)}`,
  exclusions: (matterId: string) => `/matters/${part(matterId)}/exclusions`,
  exclusion: (matterId: string, id: string) => `/matters/${part(matterId)}/exclusions/${part(id)}`,
  newMeetingAbout: (matterId: string) => `/matters/${part(matterId)}/meetings/new`,

  directory: () => '/directory',
  newContact: () => '/directory/contacts/new',
  contact: (id: string) => `/directory/contacts/${part(id)}`,
  contacts: () => '/directory/contacts',
  contactPart: (id: string, of: ContactPart) => `/directory/contacts/${part(id)}/${of}`,
  holdingEnd: (id: string) => `/directory/holdings/${part(id)}/ending`,
  agencies: () => '/directory/agencies',
  newAgency: () => '/directory/agencies/new',
  agency: (id: string) => `/directory/agencies/${part(id)}`,
  agencyPart: (id: string, of: AgencyPart) => `/directory/agencies/${part(id)}/${of}`,
  directoryPart: (kind: 'teams' | 'inboxes' | 'posts' | 'deputies', id: string) => `/directory/${kind}/${part(id)}`,
  handoverUndoing: (contactId: string) => `/directory/contacts/${part(contactId)}/undoing`,
  claim: (id: string) => `/directory/claims/${part(id)}`,
  claimPart: (id: string, what: 'confirmation' | 'refusal') => `/directory/claims/${part(id)}/${what}`,
  reorganisations: (agencyId: string) => `/directory/agencies/${part(agencyId)}/reorganisations`,
  newReorganisation: (agencyId: string, kind: string) =>
    `/directory/agencies/${part(agencyId)}/reorganisations/new?kind=${part(kind)}`,
  reorganisation: (id: string) => `/directory/reorganisations/${part(id)}`,
  inboxReaders: (id: string) => `/directory/inboxes/${part(id)}/readers`,
  upkeep: () => '/directory/upkeep',
  addressChange: (id: string, what: 'confirmation' | 'refusal') => `/directory/address-changes/${part(id)}/${what}`,
  peopleImport: () => '/directory/people-import',

  replies: () => '/replies',
  reply: (id: string) => `/replies/${part(id)}`,
  replyPart: (id: string, what: 'application' | 'alias' | 'substitute' | 'dismissal') => `/replies/${part(id)}/${what}`,

  actions: () => '/actions',
  action: (id: string) => `/actions/${part(id)}`,
  actionPart: (id: string, what: ActionPart) => `/actions/${part(id)}/${what}`,
  messages: () => '/messages',
  message: (id: string) => `/messages/${part(id)}`,
  messagePart: (id: string, what: 'stop' | 'again') => `/messages/${part(id)}/${what}`,
  mailHold: () => '/mail-hold',
  history: () => '/history',
  partners: () => '/partners',
  calendar: () => '/calendar',
  calendarFeed: () => '/calendar/feed',
  calendarFeedEnd: () => '/calendar/feed/ending',
  contactCalendarEnd: (id: string) => `/directory/contacts/${part(id)}/calendar/ending`,
  feed: (secret: string) => `/feeds/${part(secret)}.ics`,

  link: (secret: string) => `/i/${part(secret)}`,
  answer: (secret: string) => `/i/${part(secret)}/answer`,
  linkAgain: () => '/i/again',
  linkSentAgain: () => '/i/sent',
  noted: () => '/i/noted',
  own: () => '/my',
  ownActions: () => '/my/actions',
  ownAction: (id: string) => `/my/actions/${part(id)}`,
  ownCode: () => '/my/code',
  ownAnswer: () => '/my/answer',
  ownMeeting: (invitationId: string) => `/my/meetings/${part(invitationId)}`,
  claimed: () => '/claimed',
  ownClaim: (id: string) => `/my/claims/${part(id)}`,
  ownOffer: (id: string) => `/my/offers/${part(id)}`,
  ownLeave: () => '/my/time-away',
  ownDetails: () => '/my/details',
  ownSubstitute: (invitationId: string) => `/my/meetings/${part(invitationId)}/substitute`,
  ownCalendar: () => '/my/calendar',
  ownCalendarFeed: () => '/my/calendar/feed',
  ownCalendarFeedEnd: () => '/my/calendar/feed/ending',
  ownCalendarAddress: () => '/my/calendar/address',
  ownCalendarAddressEnd: () => '/my/calendar/address/ending',
  leaveOwn: () => '/my/leave',
  left: () => '/my/left',
  mailbox: () => '/mailbox',
  mail: (id: string) => `/mailbox/${part(id)}`,
} as const;

/** The path with those parameters that have a value: `withQuery(paths.meetings(), { from: '2026-12-01' })`. */
export function withQuery(path: string, query: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') given.append(name, String(value));
  }
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}
