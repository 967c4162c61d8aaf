/**
 * What needs a person today, as rows and not as a menu: each says what it is about, by when, and has the one button that
 * settles it. A new kind of work is a new kind of row.
 */
export type WorklistKind =
  | 'MAIL_NOT_DELIVERED'
  | 'REQUIRED_DECLINED'
  | 'REQUIRED_NOT_CONFIRMED'
  | 'MEETING_TODAY'
  | 'REGISTER_DUE'
  | 'ACTION_ORPHANED'
  | 'ACTION_QUERIED'
  | 'ACTION_OVERDUE'
  | 'ACTION_TO_VERIFY'
  | 'CONTACT_UNVERIFIED';

export interface WorklistRow {
  readonly kind: WorklistKind;
  /** Its reference, or the person it is about. */
  readonly about: string;
  readonly detail: string;
  readonly due: Date | null;
  /** The meeting, action or contact that the button opens. */
  readonly id: string;
}

interface Kind {
  readonly label: string;
  readonly button: string;
  /** Kinds that cannot wait come first. */
  readonly order: number;
}

export const WORKLIST_KINDS: Readonly<Record<WorklistKind, Kind>> = {
  MAIL_NOT_DELIVERED: { label: 'A message did not get through: telephone', button: 'See the meeting', order: 1 },
  REQUIRED_DECLINED: { label: 'A required agency cannot come', button: 'Invite somebody else', order: 2 },
  REQUIRED_NOT_CONFIRMED: { label: 'Required agencies have not confirmed', button: 'See who is missing', order: 3 },
  MEETING_TODAY: { label: 'Meeting today', button: 'Open the meeting', order: 4 },
  REGISTER_DUE: { label: 'Record who came', button: 'Record attendance', order: 5 },
  ACTION_ORPHANED: { label: 'The owner of an action has left', button: 'Choose another owner', order: 6 },
  ACTION_QUERIED: { label: 'The owner queries an action', button: 'Answer the query', order: 7 },
  ACTION_OVERDUE: { label: 'Action overdue', button: 'See the action', order: 8 },
  ACTION_TO_VERIFY: { label: 'Action done: check it', button: 'Check it', order: 9 },
  CONTACT_UNVERIFIED: { label: 'A contact may have moved on', button: 'Correct the contact', order: 10 },
};

/** The rows in the order in which a person should take them: by kind of urgency, then by when they are due. */
export function inOrder(rows: readonly WorklistRow[]): WorklistRow[] {
  const time = (row: WorklistRow): number => row.due?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return [...rows].sort((one, other) => {
    const byKind = WORKLIST_KINDS[one.kind].order - WORKLIST_KINDS[other.kind].order;
    return byKind !== 0 ? byKind : time(one) - time(other) || one.id.localeCompare(other.id);
  });
}
