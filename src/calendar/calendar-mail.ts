/**
 * What the calendar program of one invitee is told: a meeting to be answered (REQUEST), called off for everybody
 * (CANCEL), or no longer theirs although it goes ahead (WITHDRAW).
 */
export interface CalendarMail {
  kind: 'REQUEST' | 'CANCEL' | 'WITHDRAW';
  /** The meeting's, for ever the same. */
  uid: string;
  /** The meeting's counter: it never falls, and a cancellation raises it (RFC 5546 section 3.2.5). */
  sequence: number;
  /** Later than that of every earlier message about this meeting to this invitee. */
  stampedAt: Date;
  startsAt: Date;
  endsAt: Date;
  /** An IANA name such as `Europe/London`; aliases of another zone are refused. */
  zone: string;
  title: string;
  place: string;
  /** Several lines, the invitee's link among them. */
  note: string;
  /** An address of the service that belongs to this invitee and this meeting: the From of the message. */
  organiser: { name: string; address: string };
  invitee: {
    name: string;
    address: string;
    role: 'CHAIR' | 'REQ-PARTICIPANT' | 'OPT-PARTICIPANT' | 'NON-PARTICIPANT';
    partstat: 'NEEDS-ACTION' | 'ACCEPTED' | 'DECLINED' | 'TENTATIVE';
  };
  /** The time is only pencilled in. */
  hold?: boolean;
}

/** The METHOD of the calendar and of the mail part that carries it; a withdrawal is a CANCEL to one person. */
export function calendarMethod(kind: CalendarMail['kind']): 'REQUEST' | 'CANCEL' {
  return kind === 'REQUEST' ? 'REQUEST' : 'CANCEL';
}
