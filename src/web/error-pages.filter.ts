import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';

import { type ErrorPage, explain } from './error-page.js';
import { reportFault } from './fault.js';
import { isForPrograms, isLinkPage, localPath, redirect } from './page.js';
import { paths, withQuery } from './paths.js';

/**
 * Turns whatever is thrown into a page that says what to do: the four errors of the service, the framework's own, and
 * for anything else a reference that the log has too. Only the four carry words of ours; no other message leaves.
 */
@Catch()
export class ErrorPagesFilter implements ExceptionFilter {
  private readonly logger = new Logger('Pages');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error instanceof Error ? error : new Error('Something was thrown');
    const req = host.switchToHttp().getRequest<Request>();
    const res = host.switchToHttp().getResponse<Response>();
    const page = explain(error, statusOf(error));
    if (page.status >= 500) page.reference = reportFault(this.logger, error, place(req));
    if (res.headersSent) res.destroy();
    else if (isForPrograms(req)) answerProgram(req, res, page);
    else if (page.status === 401) redirect(res, signInFirst(req));
    else this.show(req, res, page);
  }

  private show(req: Request, res: Response, page: ErrorPage): void {
    res.status(page.status);
    if (page.status === 503) res.setHeader('Retry-After', '5');
    const locals = { page, title: page.title, typed: page.keepsTyped ? typedWords(req) : [], back: cameFrom(req) };
    res.render('web/views/error.njk', locals, (fault: Error | null, html?: string) => {
      if (fault === null) {
        res.send(html);
        return;
      }
      const reference = page.reference ?? reportFault(this.logger, fault, 'error page');
      res.type('text').send(`Sorry, there is a problem with the service. Reference: ${reference}`);
    });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = error instanceof Error ? (error as { status?: unknown }).status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** Where it happened, by the pattern of the route: the address itself may hold a secret. */
function place(req: Request): string {
  const route = (req as { route?: { path?: unknown } }).route?.path;
  return `${req.method} ${typeof route === 'string' ? route : 'before routing'}`;
}

function signInFirst(req: Request): string {
  const next = req.method === 'GET' && req.path !== paths.worklist() ? req.originalUrl : undefined;
  return withQuery(paths.signIn(), { next });
}

/** The page of ours they came from; link holders' pages send no referrer. */
function cameFrom(req: Request): { href: string; text: string } | undefined {
  const referrer = req.headers.referer;
  if (isLinkPage(req) || referrer === undefined || !URL.canParse(referrer)) return undefined;
  const { host, pathname, search } = new URL(referrer);
  return host === req.headers.host ? { href: localPath(pathname + search), text: 'Back' } : undefined;
}

/** What they typed, to copy from: it must not be lost because a page was open for too long. */
function typedWords(req: Request): string[] {
  const body = (req.body ?? {}) as Record<string, unknown>;
  return Object.entries(body).flatMap(([name, value]) =>
    name !== '_csrf' && typeof value === 'string' && value.includes(' ') ? [value] : [],
  );
}

const PROGRAM_CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'NOT_ALLOWED',
  404: 'NOT_FOUND',
  409: 'OUT_OF_DATE',
};

function answerProgram(req: Request, res: Response, { status, title, reference }: ErrorPage): void {
  const code = PROGRAM_CODES[status] ?? (status >= 500 ? 'INTERNAL' : 'BAD_REQUEST');
  const more = reference === undefined ? {} : { reference };
  const inGraphql = /^\/graphql/i.test(req.path);
  res
    .status(status)
    .json(inGraphql ? { errors: [{ message: title, extensions: { code, ...more } }] } : { status, code, ...more });
}
