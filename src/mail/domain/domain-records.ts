import { type DkimKey, publicHalf } from './dkim-key.js';

/** The part of node's resolver that is used, so that tests need no network. */
export interface TextRecords {
  resolveTxt(name: string): Promise<string[][]>;
}

/**
 * What the DNS should say for our mail to be believed, and does not: SPF (RFC 7208), the DKIM key (RFC 6376) and DMARC
 * (RFC 7489) of the sender's domain, one sentence each. Only warnings: records change without us.
 */
export async function domainWarnings(dns: TextRecords, mailDomain: string, key?: DkimKey): Promise<string[]> {
  try {
    return [...(await spf(dns, mailDomain)), ...(await dkim(dns, key)), ...(await dmarc(dns, mailDomain))];
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'no answer';
    return [`The SPF, DKIM and DMARC records of ${mailDomain} could not be looked up (${code}).`];
  }
}

async function spf(dns: TextRecords, domain: string): Promise<string[]> {
  const records = (await texts(dns, domain)).filter((text) => /^v=spf1(\s|$)/i.test(text));
  if (records.length === 0) return [`${domain} has no SPF record: many mail servers refuse or hide its mail.`];
  if (records.length > 1) return [`${domain} has more than one SPF record, which counts as none.`];
  return /\s\+?all(\s|$)/i.test(records[0] ?? '')
    ? [`The SPF record of ${domain} lets anybody send as it (+all).`]
    : [];
}

async function dkim(dns: TextRecords, key: DkimKey | undefined): Promise<string[]> {
  if (key === undefined) return ['Messages are not signed here (DKIM_DOMAIN is not set): the relay has to sign them.'];
  const name = `${key.selector}._domainkey.${key.domain}`;
  const published = (await texts(dns, name)).map((text) => /(?:^|;)\s*p=([^;]*)/i.exec(text)?.[1]?.replace(/\s/g, ''));
  if (published.length === 0) return [`${name} is not in the DNS: signatures cannot be checked and count as wrong.`];
  return published.includes(publicHalf(key)) ? [] : [`${name} holds another key than DKIM_KEY_FILE.`];
}

async function dmarc(dns: TextRecords, domain: string): Promise<string[]> {
  const labels = domain.split('.');
  for (let at = 0; at < labels.length - 1; at += 1) {
    const records = await texts(dns, `_dmarc.${labels.slice(at).join('.')}`);
    if (records.some((text) => /^v=DMARC1(\s*;|$)/i.test(text))) return [];
  }
  return [`${domain} has no DMARC record: anybody can send in its name.`];
}

/** A name without records is an answer; a resolver that cannot be reached is not. */
async function texts(dns: TextRecords, name: string): Promise<string[]> {
  try {
    return (await dns.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    if (['ENOTFOUND', 'ENODATA'].includes((error as { code?: string }).code ?? '')) return [];
    throw error;
  }
}
