/**
 * Where a meeting stands and where it may go from there. A proposed meeting with one time is held in the diaries of its
 * invitees; with several it is polled. What was held, adjourned or cancelled does not come back: a new one is called.
 */
export const MEETING_STATUSES = [
  'DRAFT',
  'PROPOSED',
  'SCHEDULED',
  'IN_PROGRESS',
  'HELD',
  'ADJOURNED_INQUORATE',
  'CANCELLED',
  'CLOSED',
] as const;
export type MeetingStatus = (typeof MEETING_STATUSES)[number];

/** From where to where a meeting may go; anything not listed is refused. */
export const MEETING_MOVES: Readonly<Record<MeetingStatus, readonly MeetingStatus[]>> = {
  DRAFT: ['PROPOSED', 'SCHEDULED', 'CANCELLED', 'IN_PROGRESS'],
  PROPOSED: ['SCHEDULED', 'CANCELLED'],
  SCHEDULED: ['SCHEDULED', 'IN_PROGRESS', 'HELD', 'ADJOURNED_INQUORATE', 'CANCELLED'],
  IN_PROGRESS: ['HELD', 'ADJOURNED_INQUORATE'],
  HELD: ['CLOSED'],
  ADJOURNED_INQUORATE: [],
  CANCELLED: [],
  CLOSED: [],
};

export const IN_WORDS: Readonly<Record<MeetingStatus, string>> = {
  DRAFT: 'is still a draft',
  PROPOSED: 'is only proposed',
  SCHEDULED: 'is scheduled',
  IN_PROGRESS: 'has started',
  HELD: 'has been held',
  ADJOURNED_INQUORATE: 'was adjourned',
  CANCELLED: 'has been cancelled',
  CLOSED: 'is closed',
};
