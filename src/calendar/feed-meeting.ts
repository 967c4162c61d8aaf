/** One meeting in the feed that a person's calendar program reads: when it is, and by which reference to find it. */
export interface FeedMeeting {
  /** The meeting's, the same as in invitations by mail. */
  uid: string;
  sequence: number;
  /** When the meeting became as it is now; never the time of reading. */
  stampedAt: Date;
  startsAt: Date;
  endsAt: Date;
  /** An IANA name such as `Europe/London`. */
  zone: string;
  /** The reference, and nothing else. */
  title: string;
  cancelled: boolean;
  /** The time is only held and not certain yet. */
  hold?: boolean;
  /** NO for a meeting somebody only looks after: it takes none of their time. */
  attends: 'YES' | 'PERHAPS' | 'NO';
}
