/**
 * One thing that happened, as the domain tells it: what was done (`meeting.rescheduled`), about what
 * (`meeting:0198…`) and the facts that changed. The unit of work keeps it as one row of `event`, which is the audit,
 * the history page, the partners' feed and the reason for every email.
 */
export interface Change {
  readonly action: string;
  readonly object: string;
  readonly details: Record<string, unknown>;
  /** The matter it belongs to, so that only those who may know of the matter read it. */
  readonly matterId?: string;
  /** The agency it concerns, for that agency's own feed. */
  readonly agencyId?: string;
}
