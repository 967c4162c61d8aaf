/**
 * What has to become of an answer from a calendar: kept once however often it was handed over, read, one entry of the
 * ledger, and the answer that counts until the meeting moves. Here the product's own tables are the evidence: but for its
 * confirmation, which the mail server judges by, an answer shows nowhere else.
 */
import { type Cluster } from './cluster.js';

/** How the answers to one meeting stand in the product. */
export interface Standing {
  readonly meetingId: string;
  /** Messages that came in, and how many of them were read to the end without a person. */
  readonly kept: number;
  readonly read: number;
  /** Entries of the ledger that came from calendars, and how many of them are acceptances that were applied. */
  readonly entries: number;
  readonly applied: number;
}

const STANDINGS = `
  select m.id as "meetingId", i.kept, i.read, r.entries, r.applied from meeting m,
    lateral (select count(*)::int as kept, count(*) filter (where state = 'DONE')::int as read from inbound_mail
      where authority_id = m.authority_id and meeting_id = m.id) i,
    lateral (select count(*)::int as entries,
        count(*) filter (where kind = 'ACCEPTED' and set_aside is null)::int as applied from response
      where authority_id = m.authority_id and meeting_id = m.id and channel = 'CALENDAR_REPLY') r`;

/** How the answers to each meeting stand. */
export async function standingsIn(cluster: Cluster): Promise<Map<string, Standing>> {
  const rows = await cluster.ask<Standing>(STANDINGS);
  return new Map(rows.map((one) => [one.meetingId, one]));
}

const COUNTS = `select 1 from invitation i join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  where i.meeting_id = $1 and c.email = $2 and i.status = 'OPEN' and i.answer = 'ACCEPTED'`;

/** Does their acceptance count now? */
export async function acceptanceCounts(cluster: Cluster, meetingId: string, address: string): Promise<boolean> {
  return (await cluster.ask(COUNTS, [meetingId, address])).length > 0;
}

const NOTHING: Omit<Standing, 'meetingId'> = { kept: 0, read: 0, entries: 0, applied: 0 };

/** What is wrong with what became of one answer to a meeting. */
export function faultsOfAnswer(standing: Standing | undefined, counted: boolean): string[] {
  const { kept, read, entries, applied } = standing ?? NOTHING;
  const wrong: readonly (readonly [boolean, string])[] = [
    [kept !== 1, `the answer was kept ${kept} times`],
    [read !== kept, `${kept - read} of what was kept was not read`],
    [entries !== 1, `the ledger has ${entries} entries for one answer`],
    [applied !== entries, `${entries - applied} entries were not applied`],
    [!counted, 'the answer did not count'],
  ];
  return wrong.flatMap(([isSo, why]) => (isSo ? [why] : []));
}
