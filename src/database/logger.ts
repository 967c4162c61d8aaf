import { Logger as NestLogger } from '@nestjs/common';
import { type Logger } from 'typeorm';

/** What TypeORM may say in the log: the statement and the database's code, never a parameter, which is personal data. */
export class StatementLogger implements Logger {
  private readonly out = new NestLogger('Database');

  logQuery(): void {
    /* statements are not logged: there are too many to read */
  }
  logQueryError(error: string | (Error & { code?: string; constraint?: string }), query: string): void {
    const why = typeof error === 'string' ? '' : `${error.code ?? ''} ${error.constraint ?? ''}`.trim();
    this.out.debug(`refused (${why}): ${query.slice(0, 500)}`);
  }
  logQuerySlow(time: number, query: string): void {
    this.out.warn(`slow (${time} ms): ${query.slice(0, 500)}`);
  }
  logSchemaBuild(): void {
    /* never built by TypeORM here */
  }
  logMigration(): void {
    /* a migration that fails throws, and that is said */
  }
  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.out.warn(String(message));
  }
}
