import { Controller, Get, Inject, Module, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Policy } from './access/signed-in.guard.js';
import { Database } from './database/database.js';

const READY_MS = 1_500;

/** For whoever runs the service: is the process alive, and can it do its work? */
@Controller('health')
@Policy('anybody')
export class HealthController {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Alive, whatever the database does. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Ready: the database answers within 1.5 s; otherwise 503. */
  @Get('ready')
  async ready(@Res() res: Response): Promise<void> {
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => {
        reject(new Error('late'));
      }, READY_MS).unref(),
    );
    try {
      await Promise.race([this.database.ping(), late]);
      res.json({ status: 'ok' });
    } catch {
      res.status(503).setHeader('Retry-After', '5').json({ status: 'the database does not answer' });
    }
  }
}

@Module({ controllers: [HealthController] })
export class HealthModule {}
