import { type DataSource } from 'typeorm';

/** The service's one connection to PostgreSQL, for the files of this folder alone. */
export class Database {
  constructor(readonly source: DataSource) {}

  /** Can the database answer? */
  async ping(): Promise<void> {
    await this.source.query('select 1');
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}
