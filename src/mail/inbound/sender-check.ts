import { Resolver } from 'node:dns/promises';
import { Inject, Injectable } from '@nestjs/common';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { dmarc } from 'mailauth/lib/dmarc/index.js';
import { type DKIMResult, type DNSResolver } from 'mailauth';
import { type Settings, SETTINGS } from '../../config.js';
import { siteSpf } from './authentication-results.js';
import { type Authentication, type AuthenticationResult, UNCHECKED } from './opened-mail.js';
import { type TakenApart } from './taken-apart.js';

/** Asks the domain name system; a class, so that tests give records of their own. */
@Injectable()
export class Names {
  private readonly resolver = new Resolver({ timeout: 1_500, tries: 2 });
  readonly resolve: DNSResolver = async (domain, type) => (await this.resolver.resolve(domain, type)) as string[][];
}

/** Milliseconds for all questions about one message together. */
const LIMIT_MS = 5_000;

/**
 * What can be found out about where a message comes from: signatures by our own check (DKIM), whether the author's domain
 * vouches for it (DMARC), and what the site's own mail server found about the sending machine (SPF), for we only see the
 * site's. Whatever cannot be found out is 'none'; it never throws.
 */
@Injectable()
export class SenderCheck {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Names) private readonly names: Names,
  ) {}

  /** Checks one message; without the domain name system only what the site's server found is known. */
  async of(bytes: Buffer, mail: TakenApart): Promise<Authentication> {
    const spf = siteSpf(mail.headers, this.settings.inbound.authservId);
    if (!this.settings.inbound.dns) return { ...UNCHECKED, spf };
    return (await within(LIMIT_MS, this.looked(bytes, spf))) ?? { ...UNCHECKED, spf };
  }

  private async looked(bytes: Buffer, spf: Authentication['spf']): Promise<Authentication> {
    const resolver = this.names.resolve;
    const signed = await dkimVerify(bytes, { resolver });
    const passed = signed.results.filter(({ status }) => status.result === 'pass');
    const found = await dmarc({
      headerFrom: signed.headerFrom,
      fromFields: signed.fromFields,
      spfDomains: spf.result === 'pass' && spf.domain !== null ? [spf.domain] : [],
      dkimDomains: passed.map(({ id, signingDomain = '', status }) => ({
        ...(id === undefined ? {} : { id }),
        domain: signingDomain,
        aligned: status.aligned ?? false,
      })),
      resolver,
    });
    const from = found === false ? undefined : found.status.header?.from;
    return {
      dmarc: { domain: from ?? null, result: found === false ? 'none' : plain(found.status.result) },
      dkim: signed.results.flatMap(signatureOf),
      spf,
    };
  }
}

function signatureOf({ signingDomain, status }: DKIMResult): Authentication['dkim'] {
  if (signingDomain === undefined) return [];
  const changed =
    status.result === 'neutral' && typeof status.comment === 'string' && status.comment.includes('body hash');
  return [{ domain: signingDomain.toLowerCase(), result: changed ? 'fail' : plain(status.result) }];
}

/** Errors of the asking are no verdict. */
function plain(result: string): AuthenticationResult {
  if (result === 'pass' || result === 'fail') return result;
  return result === 'policy' ? 'fail' : 'none';
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, limitMs);
  });
  return Promise.race([work.catch(() => undefined), tooLong]).finally(() => {
    clearTimeout(timer);
  });
}
