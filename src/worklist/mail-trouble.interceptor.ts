import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Response } from 'express';
import { type Observable } from 'rxjs';
import { administers } from '../access/actor.js';
import { MailWatch } from '../mail/messages/mail-watch.service.js';
import { type PageRequest } from '../web/page.js';

/** Says on every page of the staff, read anew each time, that mail does not get out or is held. */
@Injectable()
export class MailTroubleInterceptor implements NestInterceptor {
  constructor(@Inject(MailWatch) private readonly watch: MailWatch) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http') {
      const req = context.switchToHttp().getRequest<PageRequest>();
      const { actor } = req;
      if (req.method === 'GET' && actor?.kind === 'STAFF') {
        const { outage, hold } = await this.watch.troubles(actor);
        const res = context.switchToHttp().getResponse<Response>();
        res.locals.mailTrouble = { outage, hold, mayRelease: administers(actor) };
      }
    }
    return next.handle();
  }
}
