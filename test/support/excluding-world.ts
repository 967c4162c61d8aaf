import { Contact } from '../../src/directory/contact.js';
import { type AskedInbox, type Candidate, whoIsAskedInstead } from '../../src/directory/handover/who-is-asked.js';
import { RuleBroken } from '../../src/errors.js';
import { type Excluded, Exclusion } from '../../src/matters/exclusion.js';
import { agencyKey, contactKey, keysOfPerson, postKey } from '../../src/matters/standing.js';

const NOW = new Date('2026-11-30T11:20:00Z');
const TODAY = '2026-11-30';
const PEOPLE = 5;
/** The agency of each post. */
const POSTS = [0, 0, 1];
const INBOXES = [0, 1];

/** Numbers that come again with the same seed (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

const WHAT_HAPPENS = ['exclude', 'move', 'merge', 'takeUp', 'leave', 'goAway', 'read', 'invite', 'handOver'] as const;

interface Inbox {
  readonly id: string;
  address: string;
  readonly agency: number;
  readonly readers: Set<number>;
}

/**
 * A small directory and one matter, moved by the rules of the domain; and beside it, in plain terms of who is who, whom the
 * matter must not reach. What the rules do with keys and what is meant by them must never differ.
 */
export class ExcludingWorld {
  private readonly people = Array.from({ length: PEOPLE }, (_, n) => person(n));
  private readonly holds = Array.from({ length: PEOPLE }, (_, n) => new Set(n < POSTS.length ? [n] : []));
  private readonly inboxes: Inbox[] = INBOXES.map((agency) => ({
    id: `i${agency}`,
    address: `office${agency}@x.example`,
    agency,
    readers: new Set<number>(),
  }));
  private readonly exclusions: Exclusion[] = [];
  private readonly told = new Set<number>();
  private readonly invited = new Set<number>();
  /** In plain terms: these people, posts, agencies and mailboxes must not be told. */
  private readonly outPeople = new Set<number>();
  private readonly outPosts = new Set<number>();
  private readonly outAgencies = new Set<number>();
  private readonly outAddresses = new Set<string>();
  /** How often somebody else was asked, and how often somebody excluded was passed over for them. */
  asked = 0;
  passedOver = 0;
  private addresses = 0;
  private keys: Set<string> | undefined;

  constructor(
    private readonly roll: (sides: number) => number,
    private readonly follows: boolean,
  ) {}

  /** One random thing happens; what the domain refuses does not. */
  step(): void {
    const name = WHAT_HAPPENS[this.roll(WHAT_HAPPENS.length)] ?? 'invite';
    try {
      this[name]();
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
    }
  }

  /** Somebody who is invited and must not be told, if there is one. */
  wrong(): string | undefined {
    const found = [...this.invited].find((n) => this.isOut(n));
    return found === undefined ? undefined : this.at(found).id;
  }

  exclude(): void {
    const n = this.roll(PEOPLE);
    const post = this.roll(POSTS.length);
    const agency = this.roll(2);
    const kinds: (() => [Excluded, string[]])[] = [
      () => {
        this.out(n);
        return [{ contactId: this.at(n).id }, keysOfPerson(this.at(n))];
      },
      () => {
        this.outPosts.add(post);
        const holders = this.everybody().filter((one) => this.held(one).has(post));
        for (const one of holders) this.out(one);
        return [{ postId: `p${post}` }, [postKey(`p${post}`), ...holders.flatMap((one) => keysOfPerson(this.at(one)))]];
      },
      () => {
        this.outAgencies.add(agency);
        const members = this.everybody().filter((one) => this.told.has(one) && this.isOf(one, agency));
        for (const one of members) this.out(one);
        const boxes = this.inboxes.filter((one) => one.agency === agency).map(({ address }) => address);
        for (const address of boxes) this.outAddresses.add(address);
        const keys = members.flatMap((one) => keysOfPerson(this.at(one)));
        return [{ agencyId: `a${agency}` }, [agencyKey(`a${agency}`), ...boxes, ...keys]];
      },
      () => {
        const { id, address } = this.inboxes[agency] ?? { id: '', address: '' };
        this.outAddresses.add(address);
        return [{ inboxId: id }, [address]];
      },
    ];
    const [excluded, keys] = kinds[this.roll(kinds.length)]?.() ?? [{ contactId: '' }, []];
    const at = { authorityId: 1, id: 'e', matterId: 'm', by: 'owen', now: NOW };
    this.exclusions.push(Exclusion.of({ excluded, reason: 'RELATIVE', keys }, at));
    this.letGo();
  }

  /** Another address: a new one, somebody else's, or that of a shared mailbox. */
  move(): void {
    const n = this.roll(PEOPLE);
    const kinds = [
      () => `new${(this.addresses += 1)}@x.example`,
      () => this.at(this.roll(PEOPLE)).addressKey,
      () => this.inboxes[this.roll(INBOXES.length)]?.address ?? '',
    ];
    const addressKey = kinds[this.roll(kinds.length)]?.() ?? '';
    if (this.invited.has(n) && this.mustNotKnow().has(addressKey)) return;
    this.at(n).moveAddress({ email: addressKey, addressKey });
    if (this.outPeople.has(n)) this.outAddresses.add(addressKey);
    this.extend(
      ({ keys }) => keys.includes(contactKey(this.at(n).id)),
      () => [addressKey],
    );
  }

  merge(): void {
    const [n, into] = [this.roll(PEOPLE), this.roll(PEOPLE)];
    this.at(n).mergeInto(this.at(into));
    const both = [n, into];
    this.invited.delete(n);
    if (both.some((one) => this.outPeople.has(one))) for (const one of both) this.out(one);
    this.extend(
      ({ keys }) => both.some((one) => keys.includes(contactKey(this.at(one).id))),
      () => both.flatMap((one) => keysOfPerson(this.at(one))),
    );
    for (const post of this.held(n)) this.takeUp(into, post);
    this.held(n).clear();
  }

  takeUp(n = this.roll(PEOPLE), post = this.roll(POSTS.length)): void {
    this.at(n).mustBeAskable();
    this.held(n).add(post);
    const agency = POSTS[post] ?? 0;
    const wasTold = this.told.has(n);
    if (this.outPosts.has(post) || (this.outAgencies.has(agency) && wasTold)) this.out(n);
    this.extend(
      (one) => one.postId === `p${post}` || (one.agencyId === `a${agency}` && wasTold),
      () => keysOfPerson(this.at(n)),
    );
  }

  leave(): void {
    const n = this.roll(PEOPLE);
    this.at(n).leave();
    this.held(n).clear();
    this.invited.delete(n);
  }

  goAway(): void {
    const n = this.roll(PEOPLE);
    this.at(n).planLeave({ from: TODAY, to: null, cover: this.at(this.roll(PEOPLE)).id }, TODAY);
  }

  read(): void {
    this.inboxes[this.roll(INBOXES.length)]?.readers.add(this.roll(PEOPLE));
  }

  invite(): void {
    const n = this.roll(PEOPLE);
    this.at(n).mustBeAskable();
    const mustNotKnow = this.mustNotKnow();
    if ([contactKey(this.at(n).id), ...this.keysOf(n)].some((key) => mustNotKnow.has(key))) return;
    this.tell(n);
  }

  handOver(): void {
    const gone = this.roll(PEOPLE);
    const post = this.roll(POSTS.length);
    const others = this.everybody().filter((n) => n !== gone);
    const cover = this.everybody().find((n) => this.at(n).id === this.at(gone).coverContactId);
    const vacancy = {
      contactId: this.at(gone).id,
      cover: cover === undefined ? null : this.candidate(cover),
      successors: others.filter((n) => this.held(n).has(post)).map((n) => this.candidate(n)),
      deputies: others.filter((n) => this.isOf(n, POSTS[post] ?? 0)).map((n) => this.candidate(n)),
      inboxes: this.inboxes.filter((one) => one.agency === POSTS[post]).map((one) => this.inbox(one)),
    };
    const alreadyAsked = new Set([...this.invited].map((n) => this.at(n).id));
    const { asked, skipped } = whoIsAskedInstead(vacancy, { mustNotKnow: this.mustNotKnow(), alreadyAsked });
    this.passedOver += skipped.filter(({ why }) => why === 'EXCLUDED').length;
    this.invited.delete(gone);
    if (asked.as === 'COORDINATOR') return;
    this.asked += 1;
    if (asked.as === 'INBOX') this.mustBeClean(asked.inboxId);
    else this.tell(this.everybody().find((n) => this.at(n).id === asked.contactId) ?? -1);
  }

  private mustBeClean(id: string): void {
    const box = this.inboxes.find((one) => one.id === id);
    const reads = [...(box?.readers ?? [])].some((n) => this.outPeople.has(n));
    if (box === undefined || reads || this.outAddresses.has(box.address)) throw new Error(`${id} was asked`);
  }

  private tell(n: number): void {
    this.told.add(n);
    this.invited.add(n);
  }

  private extend(which: (exclusion: Exclusion) => boolean, keys: () => string[]): void {
    if (!this.follows) return;
    for (const exclusion of this.exclusions.filter(which)) {
      exclusion.extend(keys(), 'a change in the directory');
      this.letGo();
    }
  }

  /** Whatever is live for somebody behind the keys ends with the exclusion that brings them. */
  private letGo(): void {
    this.keys = undefined;
    const mustNotKnow = this.mustNotKnow();
    for (const n of [...this.invited]) {
      if (keysOfPerson(this.at(n)).some((key) => mustNotKnow.has(key))) this.invited.delete(n);
    }
  }

  private out(n: number): void {
    this.outPeople.add(n);
    this.outAddresses.add(this.at(n).addressKey);
  }

  private isOut(n: number): boolean {
    return (
      this.outPeople.has(n) ||
      this.outAddresses.has(this.at(n).addressKey) ||
      [...this.held(n)].some((post) => this.outPosts.has(post) || this.outAgencies.has(POSTS[post] ?? 0))
    );
  }

  private mustNotKnow(): Set<string> {
    this.keys ??= new Set(this.exclusions.flatMap(({ keys }) => keys));
    return this.keys;
  }

  private keysOf(n: number): string[] {
    const posts = [...this.held(n)];
    return [
      this.at(n).addressKey,
      ...posts.map((post) => postKey(`p${post}`)),
      ...posts.map((post) => agencyKey(`a${POSTS[post] ?? 0}`)),
    ];
  }

  private candidate(n: number, withCover = true): Candidate {
    const { id: contactId, name, status, coverContactId } = this.at(n);
    const cover = withCover ? this.everybody().find((one) => this.at(one).id === coverContactId) : undefined;
    const covered = cover === undefined ? null : this.candidate(cover, false);
    return { contactId, name, status, keys: this.keysOf(n), isBounced: false, cover: covered };
  }

  private inbox({ id, address, agency, readers }: Inbox): AskedInbox {
    const keys = [address, agencyKey(`a${agency}`), ...[...readers].map((n) => contactKey(this.at(n).id))];
    return { inboxId: id, address, restricted: false, keys };
  }

  private isOf(n: number, agency: number): boolean {
    return [...this.held(n)].some((post) => POSTS[post] === agency);
  }

  private everybody(): number[] {
    return this.people.map((_, n) => n);
  }

  private held(n: number): Set<number> {
    return this.holds[n] ?? new Set();
  }

  private at(n: number): Contact {
    const found = this.people[n];
    if (found === undefined) throw new Error('Nobody');
    return found;
  }
}

function person(n: number): Contact {
  const email = `p${n}@x.example`;
  return Object.assign(new Contact(), { id: `c${n}`, name: `Person ${n}`, email, addressKey: email, createdAt: NOW });
}
