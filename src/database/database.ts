import { type DataSource } from 'typeorm';

/** The service's one connection to PostgreSQL, for the files of this folder alone. */
export class Database {
  private readonly others: (() => Promise<void>)[] = [];

  constructor(readonly source: DataSource) {}

  /** Something else with connections of its own, to be ended with this one. */
  alsoClose(end: () => Promise<void>): void {
    this.others.push(end);
  }

  /** Can the database answer? */
  async ping(): Promise<void> {
    await this.source.query('select 1');
  }

  async close(): Promise<void> {
    await Promise.all(this.others.map((end) => end()));
    if (this.source.isInitialized) await this.source.destroy();
  }
}
