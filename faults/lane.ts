/** A PostgreSQL, a mail server, a service and a worker of their own, in which one process at a time is killed at a point. */
import { fork } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Acceptance } from './acceptance.js';
import { Cluster } from './cluster.js';
import { readJournal } from './journal.js';
import { Mortal } from './mortal.js';
import { addressOf, prepare, type RunPlace } from './place.js';
import { Asked, type Environment, environment, preloading, SECRETS, SERVICE, WORKER } from './processes.js';
import { type SinkTold } from './sink.js';
import { POINT_TIMES, pointTiming } from './timing.js';
import { type Deed, type DeedAnswer, type TakeAnswers } from './words.js';

/** People a lane has; each point takes two. */
const PEOPLE = 4_000;

/** As if the time had passed after which what a dead process was reading is read by another. */
const LEASE_OVER = `update inbound_mail set read_until = now() where state = 'RECEIVED' and read_until > now()`;

export class Lane {
  private service: Promise<Mortal> | undefined;
  private spare: Promise<Mortal> | undefined;
  private worker: Mortal | undefined;
  private reception: Mortal | undefined;
  /** Where the process that is there now takes in what people answer. */
  receptionPort = 0;
  private deeds = 0;
  private boots = 0;
  private person = 0;
  matterId = '';
  private readonly log: number;

  private constructor(
    readonly cluster: Cluster,
    private readonly place: RunPlace,
    private readonly folder: string,
    private readonly own: { readonly service: Environment; readonly worker: Environment },
  ) {
    this.log = openSync(join(folder, 'processes.log'), 'a');
  }

  static async start(folder: string, tidying: AsyncDisposableStack): Promise<Lane> {
    mkdirSync(folder, { recursive: true });
    const cluster = await Cluster.start(join(folder, 'postgres'));
    tidying.defer(() => cluster.stop());
    const sink = new Asked('sink');
    tidying.defer(() => {
      sink.end();
    });
    const place = await prepare(cluster, 0, PEOPLE);
    const plan = { journal: join(folder, 'taken.jsonl'), conduct: [], ...pointTiming };
    const told = await sink.ask<SinkTold>({ plan }, 'told');
    const smtp = `smtp://127.0.0.1:${told.smtp}`;
    const shared = { ...SECRETS, QUORATE_FOLDER: folder, SMTP_URL: smtp, MAIL_HOLD_SECONDS: '0' };
    const mail = cluster.urlFor('quorate_mail');
    const lane = new Lane(cluster, place, folder, {
      service: {
        ...shared,
        QUORATE_ROLE: 'web',
        INBOUND_SMTP_PORT: '0',
        INBOUND_DNS: 'off',
        DATABASE_URL: cluster.urlFor('quorate_app'),
      },
      worker: {
        ...shared,
        ...POINT_TIMES,
        DATABASE_URL: mail,
        DATABASE_MAIL_URL: mail,
        MAIL_LOOKUP_URL: `http://127.0.0.1:${told.lookup}/`,
      },
    });
    tidying.defer(() => lane.end());
    const answer = await lane.do({ kind: 'open a matter' });
    if (answer === undefined || !('done' in answer)) throw new Error(`No matter: ${JSON.stringify(answer)}`);
    lane.matterId = answer.done.id;
    await lane.keepReception();
    return lane;
  }

  /** Two people whom nobody has invited yet. */
  nextPeople(): { contacts: string[]; addresses: string[] } {
    const chosen = this.place.contacts.slice(this.person, this.person + 2);
    this.person += 2;
    return { contacts: chosen.map(({ id }) => id), addresses: chosen.map(({ person }) => addressOf(person)) };
  }

  /** Does something in the service, started if it is not there; undefined when it died over it. */
  async do(deed: Deed): Promise<DeedAnswer | undefined> {
    const service = await this.living();
    this.deeds += 1;
    const answer = await service.ask<DeedAnswer>({ n: this.deeds, by: this.place.coordinator, deed }, 'n');
    if (answer === undefined) await this.quiet(service);
    return answer;
  }

  /** From now on the service counts its points and dies at the nth; 0 only counts. */
  async armService(n: number): Promise<void> {
    await (await this.living()).arm(n);
    if (n > 0) this.spare ??= this.bootService();
  }

  async servicePoints(): Promise<number> {
    return (await this.living()).points();
  }

  /** From now on what takes answers in counts its points and dies at the nth; 0 only counts. */
  async armReception(n: number): Promise<void> {
    await this.keepReception();
    await this.reception?.arm(n);
    if (n > 0) this.spare ??= this.bootService();
  }

  /** Starts what takes answers in if it is not there. Answers whether it had died. */
  async keepReception(): Promise<boolean> {
    if (this.reception?.isAlive === true) return false;
    const died = this.reception !== undefined;
    if (this.reception !== undefined) {
      await this.quiet(this.reception);
      await this.cluster.ask(LEASE_OVER);
    }
    this.reception = await this.fresh();
    const opened = await this.reception.ask<{ port: number }>({ take: 'answers' } satisfies TakeAnswers, 'port');
    this.receptionPort = opened?.port ?? 0;
    return died;
  }

  async receptionPoints(): Promise<number> {
    return this.reception?.points() ?? 0;
  }

  /** A fresh worker that dies at its nth point; 0 only counts. */
  async armWorker(n: number): Promise<void> {
    await this.worker?.kill();
    this.worker = this.startWorker({ CRASH_FROM: 'start', CRASH_AT: String(n) });
  }

  /** Starts the worker if it is not there. Answers whether it had died. */
  keepWorker(): boolean {
    if (this.worker?.isAlive === true) return false;
    const died = this.worker !== undefined;
    this.worker = this.startWorker({});
    return died;
  }

  async workerPoints(): Promise<number> {
    return this.worker?.points() ?? 0;
  }

  taken(): Acceptance[] {
    return readJournal(join(this.folder, 'taken.jsonl'));
  }

  private async living(): Promise<Mortal> {
    const service = await this.service;
    if (service?.isAlive === true) return service;
    this.service = this.fresh();
    return this.service;
  }

  /** A process of the service that was started in advance, or one that is started now. */
  private async fresh(): Promise<Mortal> {
    const spare = this.spare ?? this.bootService();
    this.spare = undefined;
    return spare;
  }

  /** Until PostgreSQL has done what a dead process of the service told it last. */
  private async quiet({ name }: Mortal): Promise<void> {
    const left = 'select 1 from pg_stat_activity where application_name = $1';
    while ((await this.cluster.ask(left, [name])).length > 0) await sleep(5);
  }

  private async bootService(): Promise<Mortal> {
    this.boots += 1;
    const name = `service ${this.boots}`;
    const child = fork(SERVICE, [], {
      execArgv: preloading('crash-preload'),
      env: environment({ ...this.own.service, PGAPPNAME: name }),
      stdio: ['ignore', 'ignore', this.log, 'ipc'],
    });
    const service = new Mortal(child, name);
    await new Promise((resolve) => child.once('message', resolve));
    return service;
  }

  private startWorker(more: Environment): Mortal {
    return new Mortal(
      fork(WORKER, [], {
        execArgv: preloading('crash-preload'),
        env: environment({ ...this.own.worker, ...more }),
        stdio: ['ignore', 'ignore', this.log, 'ipc'],
      }),
    );
  }

  private async end(): Promise<void> {
    const services = await Promise.all([this.service, this.spare]);
    for (const one of [...services, this.worker, this.reception]) await one?.kill();
  }
}
