/** Everything a run needs, started: PostgreSQL, the proxy before it, the mail server, the service twice, two workers. */
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from './cluster.js';
import { Coordinator, type Promised } from './coordinator.js';
import { Journal, readJournal } from './journal.js';
import { type Acceptance } from './acceptance.js';
import { addressOf, prepare, type RunPlace } from './place.js';
import { AUTHORITIES, peopleOfEach, type Plan } from './plan.js';
import { Asked, MailWorker, preloading, SECRETS } from './processes.js';
import { type Broken, type ConnectionFault, type Ports, type ProxyPlan, type Side } from './proxy.js';
import { type Performed, type SinkPlan, type SinkTold } from './sink.js';
import { TIMING, WORKER_TIMES } from './timing.js';

/** Bugs that a run must see. */
export const PLANTS = ['naive-resend', 'no-lease', 'no-order'] as const;
export type Plant = (typeof PLANTS)[number];

export interface BedSettings {
  readonly folder: string;
  readonly plan: Plan;
  readonly lookUp: boolean;
  readonly plant: Plant | undefined;
}

function databaseUrl(user: string, port: number): string {
  return `postgresql://${user}@127.0.0.1:${port}/faults?sslmode=disable`;
}

export class Bed {
  readonly coordinators: Coordinator[] = [];
  readonly workers: MailWorker[] = [];
  readonly places: RunPlace[] = [];
  private readonly addresses = new Map<string, string>();
  private deeds = 0;

  private constructor(
    readonly cluster: Cluster,
    private readonly settings: BedSettings,
    private readonly sink: Asked,
    private readonly proxy: Asked,
  ) {}

  static async start(settings: BedSettings, tidying: AsyncDisposableStack): Promise<Bed> {
    mkdirSync(settings.folder, { recursive: true });
    const cluster = await Cluster.start(join(settings.folder, 'postgres'));
    tidying.defer(() => cluster.stop());
    const [sink, proxy] = [new Asked('sink'), new Asked('proxy')];
    for (const one of [sink, proxy]) {
      tidying.defer(() => {
        one.end();
      });
    }
    const bed = new Bed(cluster, settings, sink, proxy);
    await bed.people();
    const told = await sink.ask<SinkTold>({ plan: bed.sinkPlan() }, 'told');
    const given: ProxyPlan = { socket: cluster.socket, delay: TIMING.delay, halfOpen: TIMING.halfOpen };
    bed.processes(told, await proxy.ask<Ports>({ plan: given }, 'ports'), tidying);
    return bed;
  }

  addressOf(contactId: string): string {
    return this.addresses.get(contactId) ?? contactId;
  }

  /** What the mail server took, from its own journal. */
  taken(): Acceptance[] {
    return readJournal(this.sinkJournal);
  }

  /** What was meant and what was answered, from the driver's own journal. */
  promised(): Promised[] {
    return readJournal(this.driverJournal);
  }

  async counts(): Promise<{ performed: Performed; taken: number }> {
    return this.sink.ask({ ask: 'counts' }, 'counts');
  }

  async broken(): Promise<Broken> {
    return this.proxy.ask({ ask: 'counts' }, 'broken');
  }

  break(side: Side, fault: ConnectionFault): void {
    this.proxy.tell({ break: { side, fault } });
  }

  private get sinkJournal(): string {
    return join(this.settings.folder, 'taken.jsonl');
  }

  private get driverJournal(): string {
    return join(this.settings.folder, 'promised.jsonl');
  }

  /** Throws when a bug was to be planted and found nothing to change. */
  requirePlanted(): void {
    const { plant } = this.settings;
    if (plant !== undefined && !existsSync(this.plantMark))
      throw new Error(`The bug ${plant} found nothing to change.`);
  }

  private get plantMark(): string {
    return join(this.settings.folder, 'planted');
  }

  private async people(): Promise<void> {
    const { fates, size } = this.settings.plan;
    const each = peopleOfEach(fates.length, size.each);
    for (let n = 0; n < AUTHORITIES; n += 1) {
      const place = await prepare(this.cluster, n * each, (n + 1) * each);
      this.places.push(place);
      for (const { id, person } of place.contacts) this.addresses.set(id, addressOf(person));
    }
  }

  private sinkPlan(): SinkPlan {
    const { stall, slow, greylist, idle, lag } = TIMING;
    const conduct = [...this.settings.plan.conduct];
    return { journal: this.sinkJournal, conduct, stall, slow, greylist, idle, lag };
  }

  private processes(told: SinkTold, ports: Ports, tidying: AsyncDisposableStack): void {
    const { folder, lookUp, plant } = this.settings;
    const smtp = `smtp://127.0.0.1:${told.smtp}`;
    const shared = { ...SECRETS, QUORATE_FOLDER: folder, SMTP_URL: smtp, MAIL_HOLD_SECONDS: '0' };
    const service = { ...shared, QUORATE_ROLE: 'web', DATABASE_URL: databaseUrl('quorate_app', ports.service) };
    const mail = databaseUrl('quorate_mail', ports.worker);
    const worker = {
      ...shared,
      ...WORKER_TIMES,
      DATABASE_URL: mail,
      DATABASE_MAIL_URL: mail,
      ...(lookUp ? { MAIL_LOOKUP_URL: `http://127.0.0.1:${told.lookup}/` } : {}),
      ...(plant === undefined ? {} : { PLANTED: plant, PLANTED_MARK: this.plantMark }),
    };
    const journal = new Journal(this.driverJournal);
    const log = openSync(join(folder, 'processes.log'), 'a');
    const flags = plant === undefined ? [] : preloading('planted');
    for (let n = 0; n < 2; n += 1) {
      this.coordinators.push(new Coordinator(service, log, journal, () => (this.deeds += 1)));
      this.workers.push(new MailWorker(worker, flags, log));
    }
    tidying.defer(async () => {
      for (const one of this.coordinators) one.end();
      for (const one of this.workers) await one.end();
    });
  }
}
