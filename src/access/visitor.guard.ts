import {
  applyDecorators,
  type ArgumentsHost,
  type CanActivate,
  Catch,
  createParamDecorator,
  type ExceptionFilter,
  type ExecutionContext,
  Inject,
  Injectable,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Settings, SETTINGS } from '../config.js';
import { cookieName, readCookie } from '../web/cookies.js';
import { redirect, showAuthority } from '../web/page.js';
import { paths, withQuery } from '../web/paths.js';
import { type Visitor } from './visitor.js';
import { VisitsService } from './visits.service.js';

export const VISIT_COOKIE = 'visit';

interface VisitRequest extends Request {
  visitor?: Visitor;
}

/** There is no visit, or it is over: the person opens their link again. */
class VisitOver extends Error {
  override readonly name = 'VisitOver';
}

/** The page names people, so the code comes first. */
class CodeNeeded extends Error {
  override readonly name = 'CodeNeeded';
}

/** Whoever visits, for a route under `@NeedsVisit()` or `@NeedsCode()`. */
export const Visiting = createParamDecorator((_: unknown, context: ExecutionContext): Visitor => {
  const { visitor } = context.switchToHttp().getRequest<VisitRequest>();
  if (visitor === undefined) throw new VisitOver();
  return visitor;
});

/** Lets in whoever has come by their link and continued. */
@Injectable()
export class VisitorGuard implements CanActivate {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(VisitsService) private readonly visits: VisitsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<VisitRequest>();
    const secret = readCookie(req, cookieName(this.settings.baseUrl.startsWith('https:'), VISIT_COOKIE));
    const visitor = secret === undefined ? undefined : await this.visits.find(secret);
    if (visitor === undefined) throw new VisitOver();
    req.visitor = visitor;
    showAuthority(context.switchToHttp().getResponse<Response>(), visitor.authority);
    return true;
  }
}

/** Lets in whoever has typed in the code of this visit too; comes after `VisitorGuard`. */
@Injectable()
export class ProvedVisitorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { visitor } = context.switchToHttp().getRequest<VisitRequest>();
    if (visitor === undefined) throw new VisitOver();
    if (!visitor.proved) throw new CodeNeeded();
    return true;
  }
}

/** Says what is missing: the code's page, or the page that helps to the link again. */
@Catch(VisitOver, CodeNeeded)
export class VisitFilter implements ExceptionFilter {
  catch(error: VisitOver | CodeNeeded, host: ArgumentsHost): void {
    const req = host.switchToHttp().getRequest<Request>();
    const res = host.switchToHttp().getResponse<Response>();
    if (error instanceof VisitOver) res.status(403).render('access/views/visit-over.njk');
    else redirect(res, withQuery(paths.ownCode(), { next: req.method === 'GET' ? req.originalUrl : undefined }));
  }
}

/** A route for somebody who has come by their link, proved or not. */
export const NeedsVisit = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(VisitorGuard), UseFilters(VisitFilter));

/** A route behind the emailed code: others are sent to `/my/code` and come back after it. */
export const NeedsCode = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(VisitorGuard, ProvedVisitorGuard), UseFilters(VisitFilter));
