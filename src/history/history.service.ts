import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { actionWords, actorName, reasonWords } from './event-words.js';

/** One line of the history as a page shows it. */
export interface HistoryLine {
  readonly seq: string;
  readonly at: Date;
  readonly actor: string;
  readonly what: string;
  readonly action: string;
  readonly object: string;
  readonly details: Record<string, unknown>;
  /** The reason given, if one was. */
  readonly why: string | undefined;
}

interface EventRow {
  readonly seq: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly details: Record<string, unknown> | null;
}

const PAGE = 50;

/**
 * What is only told before a change (`exclusion.adding`) is kept and not shown: the change itself follows it. Nor is what
 * a link holder's visit leaves without a matter: to the other desk it would say who was written to.
 */
const EVENTS = `select seq, at, actor, action, object, details from event where authority_id = $1 and action not like '%ing'
  and action <> all (array['contact.verified', 'link.sent-again', 'code.proved', 'code.refused'])
  and ($2::text is null or object = $2) and ($3::uuid is null or matter_id = $3) and ($4::bigint is null or seq < $4)
  order by seq desc limit ${PAGE + 1}`;

/** Reads the history: only events of matters the reader may know of come back, by row-level security. */
@Injectable()
export class HistoryService {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /** The newest fifty, or those before `before`; of one object or one matter if asked. */
  async lines(
    by: Actor,
    about: { object?: string | undefined; matterId?: string | undefined; before?: string | undefined } = {},
  ): Promise<{ lines: HistoryLine[]; more: string | undefined }> {
    const values = [by.authorityId, about.object ?? null, about.matterId ?? null, about.before ?? null];
    const rows = await this.work.run(by, (tx) => tx.sql<EventRow>(EVENTS, values));
    const lines = rows.slice(0, PAGE).map((row) => ({
      ...row,
      details: row.details ?? {},
      actor: actorName(row.actor),
      what: actionWords(row.action),
      why: reasonWords(row.details?.reason),
    }));
    return { lines, more: rows.length > PAGE ? lines.at(-1)?.seq : undefined };
  }
}
