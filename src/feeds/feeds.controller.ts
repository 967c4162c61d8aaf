import { createHash } from 'node:crypto';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Policy } from '../access/signed-in.guard.js';
import { FeedsService } from './feeds.service.js';

/** What calendar programs read: no session, no page, and one answer for every address that does not work. */
@Controller('feeds')
@Policy('link')
export class FeedsController {
  constructor(@Inject(FeedsService) private readonly feeds: FeedsService) {}

  /** The strong ETag is of the bytes, which hold nothing of the time of reading; the framework answers 304 and HEAD. */
  @Get(':file')
  async read(@Param('file') file: string, @Res() res: Response): Promise<void> {
    const answer = file.endsWith('.ics') ? await this.feeds.read(file.slice(0, -'.ics'.length)) : undefined;
    res.setHeader('Cache-Control', 'private, no-cache');
    res.setHeader('X-Robots-Tag', 'noindex, nofollow');
    if (answer === undefined) res.status(404).type('text/plain').send('There is no calendar here.\n');
    else if (answer === 'TOO_OFTEN') {
      res.status(429).setHeader('Retry-After', '3600').type('text/plain').send('Read it once an hour.\n');
    } else {
      const bytes = Buffer.from(answer.calendar);
      res.setHeader('ETag', `"${createHash('sha256').update(bytes).digest('base64url')}"`);
      res.setHeader('Content-Type', 'text/calendar; charset=utf-8; method=PUBLISH');
      res.send(bytes);
    }
  }
}
