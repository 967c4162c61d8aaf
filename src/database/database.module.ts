import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { Clock } from './clock.js';
import { openDatabase } from './open-database.js';
import { Database } from './database.js';
import { Queue } from './queue.js';
import { Reader } from './reader.js';
import { Sealing } from './sealing.js';
import { Sweeps } from './sweeps.js';
import { UnitOfWork } from './unit-of-work.js';

/** The data source, the unit of work, the queue and the clock: for everybody. */
@Global()
@Module({
  providers: [
    Clock,
    Queue,
    Reader,
    Sealing,
    Sweeps,
    UnitOfWork,
    { provide: Database, useFactory: (settings: Settings) => openDatabase(settings), inject: [SETTINGS] },
  ],
  exports: [Clock, Queue, Reader, Sealing, Sweeps, UnitOfWork, Database],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Queue) private readonly queue: Queue,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.queue.stop();
    await this.database.close();
  }
}
