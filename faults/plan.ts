/**
 * What a run does, drawn from its seed alone: how many are invited, what becomes of each meeting, what the mail server
 * does to whom, and how often the processes, the database and the connections between them are broken.
 */
import { addressOf } from './place.js';
import { randomFrom, shuffled } from './random.js';

/** What the mail server does to one message that is on its way to it. */
export const MAIL_FAULTS = [
  'refuses for good (550)',
  'refuses for now (450)',
  'refuses after the content (451)',
  'closes (421)',
  'greylists',
  'drops before the content',
  'drops within the content',
  'drops after the content',
  'takes it and loses the answer',
  'stalls and does not take it',
  'takes it and stalls',
  'is slow',
] as const;
export type MailFault = (typeof MAIL_FAULTS)[number];

/** What is done to the processes, to PostgreSQL and to the connections with it. */
export const OTHER_FAULTS = [
  'worker killed',
  'worker frozen longer than its lease',
  'service killed',
  'PostgreSQL stopped at once',
  'connection cut after the commit',
  'connection cut',
  'connection delayed',
  'connection half open',
] as const;
export type OtherFault = (typeof OTHER_FAULTS)[number];
export type Fault = MailFault | OtherFault;

/** What becomes of a meeting after everybody was invited. */
export const FATES = ['held', 'moved', 'moved, then cancelled', 'cancelled', 'one withdrawn'] as const;
export type Fate = (typeof FATES)[number];

export interface Size {
  readonly invitations: number;
  readonly faults: number;
  /** How many are invited to each meeting. */
  readonly each: number;
}

export const SIZES = {
  small: { invitations: 500, faults: 100, each: 20 },
  ordinary: { invitations: 20_000, faults: 2_500, each: 20 },
  long: { invitations: 50_000, faults: 10_000, each: 20 },
} as const satisfies Record<string, Size>;

/** Shares of all faults, in thousandths; what is left over is refused for now. */
const SHARES: Readonly<Record<Exclude<Fault, 'refuses for now (450)'>, number>> = {
  'refuses for good (550)': 60,
  'refuses after the content (451)': 100,
  'closes (421)': 80,
  greylists: 80,
  'drops before the content': 80,
  'drops within the content': 60,
  'drops after the content': 80,
  'takes it and loses the answer': 160,
  'stalls and does not take it': 12,
  'takes it and stalls': 12,
  'is slow': 40,
  'worker killed': 60,
  'worker frozen longer than its lease': 12,
  'service killed': 5,
  'PostgreSQL stopped at once': 16,
  'connection cut after the commit': 40,
  'connection cut': 20,
  'connection delayed': 16,
  'connection half open': 8,
};

/** This share more is planned than claimed, and one or two, since some messages are overtaken by a change and never leave. */
const SPARE = 0.3;

export interface Plan {
  readonly seed: number;
  readonly size: Size;
  /** How often each fault is claimed to happen. */
  readonly quotas: ReadonlyMap<Fault, number>;
  /** What the mail server does to the messages for an address, in turn; when used up, they are taken. */
  readonly conduct: ReadonlyMap<string, readonly MailFault[]>;
  /** What happens outside the mail server, in turn, spread evenly over the run. */
  readonly events: readonly OtherFault[];
  /** One for each meeting. */
  readonly fates: readonly Fate[];
}

/** Authorities side by side, because each does one thing at a time. Their meetings are numbered in turn. */
export const AUTHORITIES = 4;

/** People of one authority. */
export function peopleOfEach(meetings: number, each: number): number {
  return Math.ceil(meetings / AUTHORITIES) * each;
}

/** The people of a meeting, by number. */
function peopleOf(meeting: number, meetings: number, each: number): number[] {
  const first = (meeting % AUTHORITIES) * peopleOfEach(meetings, each) + Math.floor(meeting / AUTHORITIES) * each;
  return Array.from({ length: each }, (_, at) => first + at);
}

/** Draws a run from its seed. */
export function draw(seed: number, size: Size): Plan {
  const random = randomFrom(seed);
  const quotas = quotasOf(size.faults);
  const repeated = <F extends Fault>(kinds: readonly F[], spare: number): F[] =>
    kinds.flatMap((kind) => {
      const claimed = quotas.get(kind) ?? 0;
      return Array.from({ length: Math.ceil(claimed * (1 + spare) + 5 * spare) }, () => kind);
    });
  const meetings = Math.ceil(size.invitations / size.each);
  const fates = Array.from({ length: meetings }, () => fate(random()));
  const of = (wanted: (fate: Fate) => boolean): number[] =>
    fates.flatMap((one, meeting) => (wanted(one) ? peopleOf(meeting, meetings, size.each) : []));
  const everybody = shuffled(
    of(() => true),
    random,
  );
  const changing = shuffled(
    of((one) => one !== 'held'),
    random,
  );
  const faults = shuffled(repeated(MAIL_FAULTS, SPARE), random);
  return {
    seed,
    size,
    quotas,
    conduct: deal(faults, everybody, changing),
    events: shuffled(repeated(OTHER_FAULTS, 0), random),
    fates,
  };
}

function quotasOf(faults: number): Map<Fault, number> {
  const quotas = new Map<Fault, number>();
  for (const [kind, share] of Object.entries(SHARES)) {
    quotas.set(kind as Fault, Math.max(1, Math.round((faults * share) / 1000)));
  }
  const used = [...quotas.values()].reduce((sum, one) => sum + one, 0);
  return quotas.set('refuses for now (450)', Math.max(1, faults - used));
}

/**
 * Deals the faults out to people; where there are more faults than people, some get two or three. A message that is
 * dropped without a word while its meeting changes is the one that could be overtaken: those faults go there first.
 */
function deal(
  faults: readonly MailFault[],
  everybody: readonly number[],
  changing: readonly number[],
): Map<string, MailFault[]> {
  const conduct = new Map<string, MailFault[]>();
  let [next, nextChanging] = [0, 0];
  for (const fault of faults) {
    const person =
      fault === 'drops after the content' && nextChanging < changing.length
        ? changing[nextChanging++]
        : everybody[next++ % everybody.length];
    const address = addressOf(person ?? 0);
    const earlier = conduct.get(address) ?? [];
    // A refusal for good ends a message: it is always the last thing that happens to it.
    conduct.set(address, fault === 'refuses for good (550)' ? [...earlier, fault] : [fault, ...earlier]);
  }
  return conduct;
}

function fate(chance: number): Fate {
  if (chance < 0.7) return 'held';
  if (chance < 0.82) return 'moved';
  if (chance < 0.87) return 'moved, then cancelled';
  return chance < 0.93 ? 'cancelled' : 'one withdrawn';
}
