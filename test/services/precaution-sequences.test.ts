import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AbsencesService } from '../../src/directory/absence/absences.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { HandoversService } from '../../src/directory/handover/handovers.service.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { PeopleImportService } from '../../src/directory/people-import.service.js';
import { NotFound, OutOfDate, RuleBroken } from '../../src/errors.js';
import { type Excluded } from '../../src/matters/exclusion.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { SubstitutesService } from '../../src/meetings/substitutes.service.js';
import { dice } from '../support/excluding-world.js';
import { aCouncil, aMatter, type Council, type Placed, someone } from '../support/matters.js';
import { aBrowser } from '../support/visitor.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

/** A thousand by `EXCLUSION_SEQUENCES=1000`; a few in every run. */
const SEQUENCES = Number(process.env.EXCLUSION_SEQUENCES ?? 8);
const STEPS = 12;
const TODAY = '2026-11-30';

let service: TestService;
let council: Council;
const done = { refused: 0, happened: 0, excluded: 0 };

beforeAll(async () => {
  service = await startService();
  council = await aCouncil(service);
});
afterAll(async () => {
  await service.stop();
});

/** One matter with a meeting, people of two agencies, and whom it must not reach any more, in terms of who is who. */
class Sequence {
  readonly out = new Set<string>();
  /** What had reached somebody before they were excluded. */
  private readonly before = new Set<string>();
  private readonly outPosts = new Set<string>();

  private constructor(
    private readonly seed: number,
    private readonly roll: (sides: number) => number,
    private readonly people: readonly Placed[],
    private readonly inboxId: string,
    readonly meeting: Meeting,
  ) {}

  static async begin(seed: number): Promise<Sequence> {
    service.clock.set(MONDAY);
    const named = (n: number, agencyId?: string): Promise<Placed> =>
      someone(service, council, `Person ${seed} ${n}`, {
        category: 'POLICE',
        address: `s${seed}p${n}@x.example`,
        ...(agencyId === undefined ? {} : { agencyId }),
      });
    const chair = await named(9);
    const first = await named(0);
    const other = await named(3);
    const people = [first, await named(1, first.agencyId), await named(2, first.agencyId), other];
    people.push(await named(4, other.agencyId));
    for (const one of people.slice(1, 3)) {
      await service.get(DeputiesService).add(council.owen, first.postId, { postId: one.postId });
    }
    const inbox = await service.get(InboxesService).add(council.owen, first.agencyId, { address: `s${seed}@x.example` });
    const matter = await aMatter(service, council.priya);
    const meeting = await service.get(SchedulingService).schedule(council.owen, {
      matterId: matter.id,
      typeCode: 'ALLEGATION_MEETING',
      slot: { date: '2026-12-02', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
      chairContactId: chair.contactId,
      invitees: [first, other].map(({ contactId }) => ({ contactId })),
      overrideReason: 'The only hour',
    });
    return new Sequence(seed, dice(seed), people, inbox.id, meeting);
  }

  /** One random thing; what is refused does not happen. */
  async step(): Promise<void> {
    const what = [
      () => this.exclude(),
      () => this.exclude(),
      () => this.move(),
      () => this.merge(),
      () => this.takeUp(),
      () => service.get(ContactsService).leave(council.bev, this.one().contactId),
      () => this.goAway(),
      () => this.movedOn(),
      () => this.invite(),
      () => this.invite(),
      () => this.substitute(),
      () => this.list(),
      () => service.mail(),
    ];
    try {
      await what[this.roll(what.length)]?.();
      done.happened += 1;
    } catch (error) {
      if (!(error instanceof RuleBroken || error instanceof NotFound || error instanceof OutOfDate)) throw error;
      done.refused += 1;
    }
    service.clock.pass(1);
  }

  /** What has reached, or would reach, somebody who must not be told; nothing. */
  async wrong(): Promise<unknown[]> {
    service.clock.pass(5);
    await service.mail();
    const out = [...this.out];
    const { matterId } = this.meeting;
    const live = await service.look(
      'select contact_id from invitation where matter_id = $1 and verdict is not null and contact_id = any($2)',
      [matterId, out],
    );
    const mails = await service.look<{ id: string }>(
      `select id, purpose, contact_id from message where matter_id = $1 and contact_id = any($2) and state <> 'DEAD'`,
      [matterId, out],
    );
    const access = await service.look(
      'select person_id from matter_access where matter_id = $1 and person_id = any($2) and until is null',
      [matterId, out],
    );
    return [...live, ...mails.filter(({ id }) => !this.before.has(id)), ...access, ...(await this.pages())];
  }

  /** The links that were sent to them before, with a page that still says something. */
  private async pages(): Promise<string[]> {
    const found: string[] = [];
    for (const person of this.people.filter(({ contactId }) => this.out.has(contactId))) {
      for (const { link } of await service.mail(person.address)) {
        if (link === undefined) continue;
        const page = await aBrowser(service).get(new URL(link).pathname);
        if (page.status !== 404 || /ALL-2026|10am/.test(page.text)) found.push(`${person.address} ${page.status}`);
      }
    }
    return found;
  }

  private async exclude(): Promise<void> {
    const { contactId, postId, agencyId } = this.one();
    const choices: Excluded[] = [{ contactId }, { postId }, { agencyId }, { inboxId: this.inboxId }];
    const excluded = choices[this.roll(choices.length)] ?? { contactId };
    const { matterId } = this.meeting;
    const people = await this.behind(excluded);
    await service.get(ExclusionsService).exclude(council.priya, matterId, { excluded, reason: 'RELATIVE' });
    done.excluded += 1;
    if ('postId' in excluded) this.outPosts.add(postId);
    await this.leaveOut(people);
  }

  /** Whom an exclusion means: the person, who holds the post, who of the agency has been asked already. */
  private async behind(excluded: Excluded): Promise<string[]> {
    if ('contactId' in excluded) return [excluded.contactId];
    if ('inboxId' in excluded) return [];
    const [column, id] = 'postId' in excluded ? ['p.id', excluded.postId] : ['p.agency_id', excluded.agencyId];
    const rows = await service.look<{ id: string }>(
      `select distinct h.contact_id as id from holding h join post p on p.id = h.post_id
       where ${column} = $1 and h.to_on is null and ($3 or exists (select 1 from invitation i
         where i.matter_id = $2 and i.contact_id = h.contact_id))`,
      [id, this.meeting.matterId, 'postId' in excluded],
    );
    return rows.map((row) => row.id);
  }

  private async leaveOut(people: readonly string[]): Promise<void> {
    const fresh = people.filter((id) => !this.out.has(id));
    for (const id of fresh) this.out.add(id);
    const sent = await service.look<{ id: string }>(
      `select id from message where matter_id = $1 and contact_id = any($2) and state = 'SENT'`,
      [this.meeting.matterId, fresh],
    );
    for (const { id } of sent) this.before.add(id);
  }

  private async move(): Promise<void> {
    const who = this.one();
    const to = this.roll(2) === 0 ? `s${this.seed}n${this.roll(9)}@x.example` : this.one().address;
    const facts = { name: 'Moved', email: to, confirmed: true };
    await service.get(ContactsService).correct(council.bev, who.contactId, facts);
  }

  private async merge(): Promise<void> {
    const both = [this.one().contactId, this.one().contactId] as const;
    await service.get(ContactsService).merge(council.bev, both[0], both[1]);
    if (both.some((id) => this.out.has(id))) await this.leaveOut(both);
  }

  private async takeUp(): Promise<void> {
    const { contactId } = this.one();
    const { postId } = this.one();
    await service.get(ContactsService).takeUp(council.bev, contactId, { postId }, TODAY);
    if (this.outPosts.has(postId)) await this.leaveOut([contactId]);
  }

  private async goAway(): Promise<void> {
    const leave = { from: TODAY, to: null, cover: this.one().contactId };
    await service.get(AbsencesService).plan(council.bev, this.one().contactId, leave);
  }

  private async movedOn(): Promise<void> {
    const { contactId } = this.one();
    await service
      .get(UnitOfWork)
      .run(council.owen, (tx) => service.get(HandoversService).startIn(tx, contactId, 'MOVED_ON', 'They said so'));
  }

  private async invite(): Promise<void> {
    const { contactId } = this.one();
    const late = { contactId, sure: true, overrideReason: 'Needed' };
    await service.get(InvitationsService).add(council.owen, this.meeting.id, late);
  }

  private async substitute(): Promise<void> {
    const open = await service.look<{ id: string }>(
      `select id from invitation where meeting_id = $1 and status = 'OPEN' order by created_at, id`,
      [this.meeting.id],
    );
    const invitation = open[this.roll(Math.max(open.length, 1))];
    if (invitation === undefined) return;
    await service.get(SubstitutesService).name(council.owen, invitation.id, { contactId: this.one().contactId });
  }

  /** A list that says where somebody works now. */
  private async list(): Promise<void> {
    const imports = service.get(PeopleImportService);
    const text = `name,email,agency,category,post\nListed,${this.one().address},List ${this.seed},POLICE,Officer`;
    const { digest } = await imports.preview(council.bev, text);
    await imports.apply(council.bev, text, { digest, skipBad: true });
  }

  private one(): Placed {
    const found = this.people[this.roll(this.people.length)];
    if (found === undefined) throw new Error('Nobody');
    return found;
  }
}

describe('whoever must not be told', () => {
  it(`gets no message and no page in ${SEQUENCES} random sequences of everything`, async () => {
    for (let seed = 1; seed <= SEQUENCES; seed += 1) {
      const sequence = await Sequence.begin(seed);
      for (let step = 0; step < STEPS; step += 1) await sequence.step();
      expect({ seed, wrong: await sequence.wrong() }).toEqual({ seed, wrong: [] });
    }
    expect(done.happened).toBeGreaterThan(SEQUENCES);
    expect(done.excluded).toBeGreaterThan(SEQUENCES / 4);
  }, 3_600_000);
});

describe('refuses', () => {
  it('to invite somebody excluded, whoever asks', async () => {
    const sequence = await Sequence.begin(90_000);
    const who = await someone(service, council, 'Graham Tull', { address: 'tull@x.example' });
    const { matterId, id } = sequence.meeting;
    const excluded = { contactId: who.contactId };
    await service.get(ExclusionsService).exclude(council.priya, matterId, { excluded, reason: 'IS_SUBJECT' });
    await expect(
      service.get(InvitationsService).add(council.owen, id, { contactId: who.contactId, sure: true }),
    ).rejects.toMatchObject({ code: 'EXCLUDED' });
  });
});
