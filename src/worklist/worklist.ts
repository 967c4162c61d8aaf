/**
 * What needs a person today, as rows and not as a menu: each says what it is about, by when, and has the one button that
 * settles it. A new kind of work is a new kind of row.
 */
export type WorklistKind =
  | 'MAIL_HELD'
  | 'MAIL_NOT_LEAVING'
  | 'MAIL_NOT_DELIVERED'
  | 'REPLY_HELD_SOON'
  | 'NO_CHAIR'
  | 'REQUIRED_DECLINED'
  | 'PLACE_VACATED'
  | 'RE_ROUTED'
  | 'CLAIM_MADE'
  | 'SUBSTITUTE_ASKED'
  | 'ANSWERS_DISAGREE'
  | 'REPLY_HELD'
  | 'TIME_PROPOSED'
  | 'TIME_HELD'
  | 'REQUIRED_NOT_CONFIRMED'
  | 'MEETING_TODAY'
  | 'REGISTER_DUE'
  | 'ACTION_ORPHANED'
  | 'ACTION_QUERIED'
  | 'ACTION_OVERDUE'
  | 'ACTION_TO_VERIFY'
  | 'CONTACT_UNVERIFIED'
  | 'ADDRESS_CHANGED'
  | 'CONTACTS_OVERDUE';

export interface WorklistRow {
  readonly kind: WorklistKind;
  /** Its reference, or the person it is about. */
  readonly about: string;
  readonly detail: string;
  readonly due: Date | null;
  /** The meeting, action, contact, message or reply that the button opens. */
  readonly id: string;
}

/** The page where a row is settled. */
export type WorklistPlace =
  | 'MEETING'
  | 'MEETING_ANSWERS'
  | 'MEETING_TIMES'
  | 'INVITATIONS'
  | 'MEETING_CHANGES'
  | 'REGISTER'
  | 'ACTION'
  | 'CONTACT'
  | 'MESSAGE'
  | 'MESSAGES'
  | 'MAIL_HOLD'
  | 'REPLY'
  | 'CLAIM'
  | 'UPKEEP';

interface Kind {
  readonly label: string;
  readonly button: string;
  readonly opens: WorklistPlace;
}

/** Kinds that cannot wait come first. */
export const WORKLIST_KINDS: Readonly<Record<WorklistKind, Kind>> = {
  MAIL_HELD: { label: 'No mail is sent until somebody decides', button: 'Release the mail', opens: 'MAIL_HOLD' },
  MAIL_NOT_LEAVING: { label: 'Mail is not getting out: telephone', button: 'See the messages', opens: 'MESSAGES' },
  MAIL_NOT_DELIVERED: {
    label: 'A message did not get through: telephone',
    button: 'See the message',
    opens: 'MESSAGE',
  },
  REPLY_HELD_SOON: { label: 'A reply to look at, the meeting is near', button: 'Look at it', opens: 'REPLY' },
  NO_CHAIR: { label: 'Nobody chairs a meeting', button: 'Choose another chair', opens: 'MEETING_CHANGES' },
  REQUIRED_DECLINED: { label: 'A required agency cannot come', button: 'Invite somebody else', opens: 'INVITATIONS' },
  PLACE_VACATED: {
    label: 'Somebody invited is not there any more',
    button: 'Invite somebody else',
    opens: 'INVITATIONS',
  },
  RE_ROUTED: { label: 'Somebody else is asked', button: 'See the meeting', opens: 'MEETING' },
  CLAIM_MADE: { label: 'Somebody says that they hold a post now', button: 'Confirm or refuse', opens: 'CLAIM' },
  SUBSTITUTE_ASKED: {
    label: 'A substitute with an address that is not the agency’s',
    button: 'Check and invite them',
    opens: 'INVITATIONS',
  },
  ANSWERS_DISAGREE: {
    label: 'Two different answers at once: ring and ask',
    button: 'See the answers',
    opens: 'MEETING_ANSWERS',
  },
  REPLY_HELD: { label: 'A reply to look at', button: 'Look at it', opens: 'REPLY' },
  TIME_PROPOSED: { label: 'Another time was suggested', button: 'See the suggestion', opens: 'MEETING_TIMES' },
  TIME_HELD: { label: 'A time is held and not certain yet', button: 'Make it certain or release it', opens: 'MEETING' },
  REQUIRED_NOT_CONFIRMED: {
    label: 'Required agencies have not confirmed',
    button: 'See who is missing',
    opens: 'MEETING',
  },
  MEETING_TODAY: { label: 'Meeting today', button: 'Open the meeting', opens: 'MEETING' },
  REGISTER_DUE: { label: 'Record who came', button: 'Record attendance', opens: 'REGISTER' },
  ACTION_ORPHANED: { label: 'The owner of an action has left', button: 'Choose another owner', opens: 'ACTION' },
  ACTION_QUERIED: { label: 'The owner queries an action', button: 'Answer the query', opens: 'ACTION' },
  ACTION_OVERDUE: { label: 'Action overdue', button: 'See the action', opens: 'ACTION' },
  ACTION_TO_VERIFY: { label: 'Action done: check it', button: 'Check it', opens: 'ACTION' },
  CONTACT_UNVERIFIED: { label: 'A contact may have moved on', button: 'Correct the contact', opens: 'CONTACT' },
  ADDRESS_CHANGED: { label: 'Somebody has a new address', button: 'Confirm or refuse', opens: 'UPKEEP' },
  CONTACTS_OVERDUE: {
    label: 'Contact details nobody has checked for too long',
    button: 'See who they are',
    opens: 'UPKEEP',
  },
};

const ORDER = Object.keys(WORKLIST_KINDS);

/** The rows in the order in which a person should take them: by kind of urgency, then by when they are due. */
export function inOrder(rows: readonly WorklistRow[]): WorklistRow[] {
  const time = (row: WorklistRow): number => row.due?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return [...rows].sort((one, other) => {
    const byKind = ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind);
    return byKind !== 0 ? byKind : time(one) - time(other) || one.id.localeCompare(other.id);
  });
}
