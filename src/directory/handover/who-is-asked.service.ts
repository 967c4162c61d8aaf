import { Injectable } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { today } from '../people.store.js';
import { type AskedInbox, type Candidate, type Vacancy } from './who-is-asked.js';
import { WHO_COULD_BE_ASKED } from './who-is-asked.sql.js';

type Row =
  | {
      readonly as: 'COVER' | 'SUCCESSOR' | 'DEPUTY';
      readonly who: { readonly candidate: Omit<Candidate, 'cover'>; readonly cover: Omit<Candidate, 'cover'> | null };
    }
  | { readonly as: 'INBOX'; readonly who: AskedInbox };

/** Who could be asked in the place of somebody, as the directory has it now; `whoIsAskedInstead` then decides. */
@Injectable()
export class WhoIsAsked {
  /** Everybody who could take the place of a contact in a post, or without one. */
  async vacancy(tx: Tx, gone: { contactId: string; postId: string | null }): Promise<Vacancy> {
    const values = [tx.by.authorityId, today(tx), gone.contactId, gone.postId];
    const rows = await tx.sql<Row>(WHO_COULD_BE_ASKED, values);
    const of = (as: Row['as']): Candidate[] => rows.flatMap((row) => (row.as === as ? candidates(row) : []));
    return {
      contactId: gone.contactId,
      cover: of('COVER')[0] ?? null,
      successors: of('SUCCESSOR'),
      deputies: of('DEPUTY'),
      inboxes: rows.flatMap((row) => (row.as === 'INBOX' ? [row.who] : [])),
    };
  }
}

function candidates(row: Row): Candidate[] {
  if (row.as === 'INBOX') return [];
  const { candidate, cover } = row.who;
  return [{ ...candidate, cover: cover === null ? null : { ...cover, cover: null } }];
}
