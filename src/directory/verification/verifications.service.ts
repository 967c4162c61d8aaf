import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../../access/actor.js';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { wallTime } from '../../authorities/civil-time.js';
import { isWorkingDay, LONDON } from '../../authorities/working-days.js';
import { newId } from '../../database/ids.js';
import { Sweeps } from '../../database/sweeps.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { Contact } from '../contact.js';
import { today } from '../people.store.js';
import { Verification } from './verification.js';
import { VerificationLetters } from './verification-letters.service.js';
import { TO_ASK } from './verification.sql.js';

/** An authority's share of a minute: 2,400 in a working day, so that 50,000 contacts spread over their 90 days. */
const A_MINUTE = 5;

/** Asks people of whom nothing was heard for too long whether what we know of them is still right. */
@Injectable()
export class VerificationsService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(VerificationLetters) private readonly letters: VerificationLetters,
  ) {}

  onModuleInit(): void {
    this.sweeps.add(() => this.askDue());
  }

  /**
   * Asks a few of those who are due in every authority, by the service's clock and in its working hours alone; safe to
   * run twice, and in two processes at once.
   */
  async askDue(): Promise<void> {
    const authorities = await this.work.outside((sql) => sql<{ id: number }>('select id from authority order by id'));
    for (const { id } of authorities) {
      const due = await this.work.run(systemActor(id), async (tx) =>
        (await this.isWorkingTime(tx)) ? dueOf(tx, A_MINUTE) : [],
      );
      for (const contactId of due) await this.work.run(systemActor(id), (tx) => this.ask(tx, contactId));
    }
  }

  /** Somebody may have asked them, or heard of them, while we waited for the lock. */
  private async ask(tx: Tx, contactId: string): Promise<void> {
    const contact = await tx.lock(Contact, contactId);
    if ((await dueOf(tx, 1, contactId)).length === 0) return;
    const facts = { authorityId: contact.authorityId, id: newId(), contactId, askedAt: tx.now };
    const verification = Verification.of(facts);
    await tx.insert(Verification, verification);
    await tx.record(verification.asked());
    await this.letters.ask(tx, verification, contact);
  }

  private async isWorkingTime(tx: Tx): Promise<boolean> {
    const { date, time } = wallTime(tx.now, LONDON);
    return time >= '09:00' && time < '17:00' && isWorkingDay(date, await this.authorities.calendar(tx));
  }
}

async function dueOf(tx: Tx, most: number, contactId: string | null = null): Promise<string[]> {
  const values = [tx.by.authorityId, tx.now, today(tx), most, contactId];
  return (await tx.sql<{ id: string }>(TO_ASK, values)).map(({ id }) => id);
}
