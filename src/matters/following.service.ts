import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { Exclusion } from './exclusion.js';
import { allowToKnow, blocked } from './exclusion.store.js';
import { ExclusionsService } from './exclusions.service.js';
import {
  ADDRESSES,
  EXCLUSIONS_FOR_KEYS,
  EXCLUSIONS_OF_INBOX,
  EXCLUSIONS_OF_POST,
  IS_LIVE_IN,
  MATTERS_OF_KEY,
} from './following.sql.js';
import { Matter } from './matter.js';
import { contactKey, keysOfPerson, type Verdict } from './standing.js';

interface Found {
  readonly id: string;
  readonly matterId: string;
}

/**
 * Exclusions follow the directory. Whoever is excluded stays excluded at a new address or after a merge; whoever takes
 * up an excluded post is excluded with it, since a fact about who holds a post is never refused. A new address that a
 * matter must not write to is refused for somebody who is still invited or owes an action there. All of this happens
 * with the service's own need to know: the person who keeps the directory may not see the matter.
 */
@Injectable()
export class FollowingService implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
  ) {}

  onModuleInit(): void {
    const follow = (action: string, how: (tx: Tx, change: Change) => Promise<void>): void => {
      this.listeners.on(action, (tx, change) => tx.asService(() => how(tx, change)));
    };
    follow('contact.address-changing', (tx, { details }) => this.address(tx, details as unknown as AddressChanging));
    follow('contact.merged', (tx, { details }) => this.merge(tx, details as unknown as Merged));
    follow('holding.started', (tx, { object, details }) => this.post(tx, idOf(object), String(details.post)));
    follow('inbox.added', (tx, { object }) => this.inbox(tx, idOf(object)));
    follow('inbox.corrected', (tx, { object }) => this.inbox(tx, idOf(object)));
  }

  private async address(tx: Tx, { contactId, newKey }: AddressChanging): Promise<void> {
    const key = contactKey(contactId);
    await this.extendAll(tx, await this.standingFor(tx, [key]), () => [newKey], 'another address');
    for (const { matterId, verdict } of await this.mattersOf(tx, key)) {
      if (verdict === 'must_not_know') continue;
      const [state] = await tx.sql<{ live: boolean }>(IS_LIVE_IN, [tx.by.authorityId, matterId, contactId]);
      if (state?.live !== true) continue;
      if ((await blocked(tx, matterId, [newKey])).length > 0) throw cannotUse();
      await allowToKnow(tx, matterId, [newKey]);
    }
  }

  private async merge(tx: Tx, { contactId, into }: Merged): Promise<void> {
    const people = await tx.sql<{ id: string; addressKey: string }>(ADDRESSES, [tx.by.authorityId, [contactId, into]]);
    const keys = people.flatMap(keysOfPerson);
    const found = await this.standingFor(tx, [contactKey(contactId), contactKey(into)]);
    await this.extendAll(tx, found, () => keys, 'merged contacts');
  }

  private async post(tx: Tx, contactId: string, postId: string): Promise<void> {
    const found = await tx.sql<Found & { whole: boolean }>(EXCLUSIONS_OF_POST, [tx.by.authorityId, postId]);
    if (found.length === 0) return;
    const people = await tx.sql<{ addressKey: string }>(ADDRESSES, [tx.by.authorityId, [contactId]]);
    const keys = [contactKey(contactId), ...people.map(({ addressKey }) => addressKey)];
    const told = new Set((await this.mattersOf(tx, contactKey(contactId))).map(({ matterId }) => matterId));
    const those = found.filter(({ matterId, whole }) => whole || told.has(matterId));
    await this.extendAll(tx, those, () => keys, 'took up an excluded post');
  }

  private async inbox(tx: Tx, inboxId: string): Promise<void> {
    const found = await tx.sql<Found & { key: string }>(EXCLUSIONS_OF_INBOX, [tx.by.authorityId, inboxId]);
    await this.extendAll(tx, found, ({ key }) => [key], 'another mailbox');
  }

  private standingFor(tx: Tx, keys: readonly string[]): Promise<Found[]> {
    return tx.sql<Found>(EXCLUSIONS_FOR_KEYS, [tx.by.authorityId, [...keys]]);
  }

  private mattersOf(tx: Tx, key: string): Promise<{ matterId: string; verdict: Verdict }[]> {
    return tx.sql(MATTERS_OF_KEY, [tx.by.authorityId, key]);
  }

  private async extendAll<F extends Found>(
    tx: Tx,
    found: readonly F[],
    keys: (one: F) => string[],
    why: string,
  ): Promise<void> {
    for (const one of found) {
      await tx.lock(Matter, one.matterId);
      const exclusion = await tx.lock(Exclusion, one.id);
      if (exclusion.isLive) await this.exclusions.extend(tx, exclusion, keys(one), why);
    }
  }
}

interface AddressChanging {
  readonly contactId: string;
  readonly newKey: string;
}

interface Merged {
  readonly contactId: string;
  readonly into: string;
}

function idOf(object: string): string {
  return object.slice(object.indexOf(':') + 1);
}

function cannotUse(): RuleBroken {
  return new RuleBroken(
    'EXCLUDED',
    'This address cannot be used for this person while they are invited to a meeting. Ask a coordinator or the designated officer',
    'email',
  );
}
