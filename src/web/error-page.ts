import { NotAllowed, NotFound, OutOfDate, RuleBroken } from '../errors.js';
import { FormInvalid } from './forms.js';

/** What an error page says. */
export interface ErrorPage {
  readonly status: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** A list under the lines: what changed, or what to put right. */
  readonly list: readonly string[];
  readonly whoCan?: string;
  /** Shows again what was typed, to copy from. */
  readonly keepsTyped: boolean;
  reference?: string;
}

const SAID: Readonly<Record<number, readonly [title: string, ...lines: string[]]>> = {
  400: ['Something is missing from what you sent', 'Go back, check it and send it again.'],
  401: ['Sign in first'],
  403: ['You cannot do this', 'Ask your coordinator if you think you should be able to.'],
  404: [
    'Page not found',
    'If you typed the web address, check it is correct. If you pasted it, check you copied all of it.',
    'It may also have been moved, or not be yours to see.',
  ],
  405: ['You cannot do this here', 'Go back and try from the page you were on.'],
  408: ['That took too long to arrive', 'Nothing has been changed. Send it again.'],
  413: ['That is too much to send at once', 'Nothing has been changed. Shorten it, or send it in parts.'],
  415: ['That is not a form of ours', 'Nothing has been changed. Go back and use the form on the page.'],
  429: ['Too many tries', 'Wait a few minutes, then try again.'],
  503: ['Sorry, the service is busy', 'Nothing has been changed. Wait a moment, then try again.'],
};

const OUR_FAULT = ['Sorry, there is a problem with the service', 'Try again later.'] as const;

/** The page for what was thrown; `status` is what the framework would answer with. */
export function explain(error: unknown, status: number): ErrorPage {
  if (error instanceof RuleBroken) return ruleBroken(error);
  if (error instanceof FormInvalid) {
    return page(422, 'There is a problem', [], { list: error.errors.map(({ message }) => message) });
  }
  if (error instanceof NotFound) return byStatus(404);
  if (error instanceof NotAllowed) {
    return page(403, 'You cannot do this', [sentence(error.message)], { whoCan: error.whoCan });
  }
  if (error instanceof OutOfDate) {
    const next = 'Nothing of yours has been saved. Open the page again to see it as it is now.';
    const parts = { list: error.changes, keepsTyped: true };
    return page(409, 'This has changed since you opened it', [sentence(error.message), next], parts);
  }
  return byStatus(status);
}

function ruleBroken({ code, message }: RuleBroken): ErrorPage {
  const expired = code === 'FORM_EXPIRED';
  return page(422, expired ? 'Open the page again' : 'There is a problem', [sentence(message)], {
    keepsTyped: expired,
  });
}

function byStatus(status: number): ErrorPage {
  const known = SAID[status] ?? (status < 500 ? SAID[400] : undefined);
  const [title, ...lines] = known ?? OUR_FAULT;
  return page(status, title, lines);
}

interface PageParts {
  list?: readonly string[];
  whoCan?: string | undefined;
  keepsTyped?: boolean;
}

function page(status: number, title: string, lines: readonly string[], parts: PageParts = {}): ErrorPage {
  const { list = [], whoCan, keepsTyped = false } = parts;
  return { status, title, lines, list, keepsTyped, ...(whoCan === undefined ? {} : { whoCan }) };
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
