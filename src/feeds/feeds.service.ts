import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { buildFeed } from '../calendar/calendar.js';
import { type FeedMeeting } from '../calendar/feed-meeting.js';
import { type Settings, SETTINGS } from '../config.js';
import { Clock } from '../database/clock.js';
import { newId } from '../database/ids.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed } from '../errors.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { paths } from '../web/paths.js';
import { Feed, type FeedEnd, type FeedHolder } from './feed.js';
import { LIVE_FEED, READ_FEED } from './feed.sql.js';

/** Calendar programs read once an hour; some a few times when they are opened: this product's own number. */
export const READS_AN_HOUR = 60;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Departures that somebody said by a link: whoever has the address of a feed may be that somebody, or the one who is gone. */
const STOPPED_BY: Readonly<Partial<Record<string, FeedEnd>>> = {
  MOVED_ON: 'LEFT',
  REPLACED: 'NOT_ME',
};

/** What a program gets that reads a feed. */
export type FeedAnswer = { readonly calendar: string } | 'TOO_OFTEN' | undefined;

interface FeedRow {
  readonly within: boolean;
  readonly meetings: readonly (Omit<FeedMeeting, 'startsAt' | 'endsAt' | 'stampedAt'> & {
    readonly startsAt: string;
    readonly endsAt: string;
    readonly stampedAt: string;
  })[];
}

/** Private addresses at which people's calendar programs read their meetings. */
@Injectable()
export class FeedsService implements OnModuleInit {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  /** A feed stops with the change that says that its person is gone, or that its mail goes to somebody else. */
  onModuleInit(): void {
    const stopOn = (action: string, reason: FeedEnd): void => {
      this.listeners.on(action, (tx, change) => this.stopOf(tx, change, reason));
    };
    stopOn('contact.left', 'LEFT');
    stopOn('contact.merged', 'LEFT');
    stopOn('contact.address-changing', 'ADDRESS_CHANGED');
    this.listeners.on('invitation.answered', async (tx, change) => {
      if (change.details.kind === 'NOT_ME') await this.stopOf(tx, change, 'NOT_ME');
    });
    this.listeners.on('handover.started', async (tx, change) => {
      const reason = STOPPED_BY[String(change.details.signal)];
      if (reason !== undefined) await this.stopOf(tx, change, reason);
    });
  }

  /** The feed this person has, if it works: when it was made and last read. Its address is nowhere. */
  async current(by: Actor): Promise<Feed | null> {
    const holder = holderOf(by);
    return this.work.run(by, async (tx) => {
      const id = await liveOf(tx, holder);
      const feed = id === undefined ? null : await tx.find(Feed, id);
      return feed?.isLive(tx.now) === true ? feed : null;
    });
  }

  /** A new address for one's own meetings; the one before stops. It is told this once. */
  async make(by: Actor): Promise<string> {
    const holder = holderOf(by);
    const secret = randomBytes(32).toString('base64url');
    await this.work.run(by, async (tx) => {
      await this.stop(tx, holder, 'ROTATED');
      const secretHash = this.sealing.hash('feed', secret);
      const feed = Feed.of({ authorityId: by.authorityId, id: newId(), ...holder, secretHash, madeAt: tx.now });
      await tx.insert(Feed, feed);
      await tx.record(feed.made());
    });
    return `${this.settings.baseUrl}${paths.feed(secret)}`;
  }

  /** Takes one's own address back: the next reading finds nothing. */
  async end(by: Actor): Promise<void> {
    const holder = holderOf(by);
    await this.work.run(by, (tx) => this.stop(tx, holder, 'STOPPED'));
  }

  /**
   * The calendar at an address, in one statement; undefined for one that never was, was taken back or has stopped, all
   * alike. Remembers when it was read.
   */
  async read(secret: string): Promise<FeedAnswer> {
    if (!SECRET.test(secret)) return undefined;
    const values = [this.sealing.hash('feed', secret), this.clock.now(), READS_AN_HOUR];
    const [row] = await this.work.outside((sql) => sql<FeedRow>(READ_FEED, values));
    if (row === undefined) return undefined;
    return row.within ? { calendar: buildFeed(row.meetings.map(asMeeting)) } : 'TOO_OFTEN';
  }

  private async stopOf(tx: Tx, { details }: Change, reason: FeedEnd): Promise<void> {
    const { contactId } = details;
    if (typeof contactId === 'string') await this.stop(tx, { contactId, staffId: null }, reason);
  }

  private async stop(tx: Tx, holder: FeedHolder, reason: FeedEnd): Promise<void> {
    const id = await liveOf(tx, holder);
    if (id === undefined) return;
    const feed = await tx.lock(Feed, id);
    const revoked = feed.revoke(reason, tx.now);
    await tx.save(feed);
    await tx.record(revoked);
  }
}

/** The feed of this person that nobody has taken back. */
async function liveOf(tx: Tx, { contactId, staffId }: FeedHolder): Promise<string | undefined> {
  const [row] = await tx.sql<{ id: string }>(LIVE_FEED, [tx.by.authorityId, contactId, staffId]);
  return row?.id;
}

/** Link holders subscribe to the meetings they are asked to, those who run meetings to those they look after. */
function holderOf(by: Actor): FeedHolder {
  if (by.kind === 'LINK') return { contactId: by.knowsAs, staffId: null };
  if (by.kind === 'STAFF' && coordinates(by)) return { contactId: null, staffId: by.id };
  throw new NotAllowed('You cannot subscribe to meetings', 'A coordinator, a designated officer, or somebody invited');
}

function asMeeting({ startsAt, endsAt, stampedAt, ...meeting }: FeedRow['meetings'][number]): FeedMeeting {
  return { ...meeting, startsAt: new Date(startsAt), endsAt: new Date(endsAt), stampedAt: new Date(stampedAt) };
}
