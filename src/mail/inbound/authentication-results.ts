/**
 * What the site's own mail server found out about the machine that sent a message, as it wrote on it (RFC 8601). Anybody
 * can write such a line into a message before it reaches the site, so only the uppermost counts, which the site's server
 * puts there last, and only under the name that the settings give it.
 */

const NOTHING = { domain: null, result: 'none' } as const;

/** The SPF result under the site's name; 'none' when there is none or it is another's. */
export function siteSpf(
  headers: readonly { readonly key: string; readonly value: string }[],
  authservId: string | undefined,
): { domain: string | null; result: string } {
  const upper = headers.find(({ key }) => key === 'authentication-results');
  const [server = '', ...results] = withoutComments(upper?.value ?? '')
    .toLowerCase()
    .split(';');
  if (authservId === undefined || server.trim().split(/\s+/, 1)[0] !== authservId.toLowerCase()) return NOTHING;
  const spf = results.map((one) => one.trim()).find((one) => /^spf\s*=/.test(one)) ?? '';
  const result = firstOf(/^spf\s*=\s*([a-z]+)/, spf);
  return result === undefined ? NOTHING : { domain: senderDomain(spf), result };
}

function senderDomain(spf: string): string | null {
  const sender = firstOf(/smtp\.(?:mailfrom|helo)\s*=\s*"?([^\s";]+)/, spf);
  return sender === undefined ? null : sender.slice(sender.lastIndexOf('@') + 1) || null;
}

function firstOf(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.[1];
}

/** Remarks in brackets may contain anything, also what looks like a result. */
function withoutComments(value: string): string {
  let depth = 0;
  let kept = '';
  for (const character of value.slice(0, 4_000)) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += character;
  }
  return kept;
}
