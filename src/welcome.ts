import { type Settings } from './config.js';

/** What a person who started the service needs next. */
export function welcome(
  settings: Settings,
  how: { embedded: boolean; token: string | undefined; mailPort: number | undefined },
): string {
  const lines = ['', `Quorate is running${settings.role === 'all' ? '' : ` (${settings.role})`}.`, ''];
  const say = (label: string, value: string): number => lines.push(`  ${label.padEnd(12)}${value}`);
  if (settings.role !== 'worker') {
    say('Console', `${settings.baseUrl}/`);
    say('GraphQL', `${settings.baseUrl}/graphql  (schema: ${settings.baseUrl}/schema.gql)`);
    if (settings.smtpUrl === undefined) say('Mailbox', `${settings.baseUrl}/mailbox`);
    say(
      'Sign in',
      how.embedded
        ? 'choose an invented person; no password'
        : 'with the email address of your account; a code is sent to it',
    );
    if (how.token !== undefined) say('Token', `${how.token}  (a demonstration partner: Authorization: Bearer ...)`);
  }
  if (settings.role !== 'web') say('Mail in', mailIn(settings, how.mailPort));
  if (how.embedded)
    lines.push(
      '',
      '  This is a trial with a built-in PostgreSQL and invented people. For real work set DATABASE_URL: see docs/start.md.',
    );
  lines.push('', '  Ctrl-C stops it.', '');
  return lines.join('\n');
}

/** Where answers and bounces come in, or what to set so that they do. */
function mailIn({ inbound, mailDomain }: Settings, port: number | undefined): string {
  const protocol = inbound.lmtp ? 'LMTP' : 'SMTP';
  const ways = [
    port === undefined ? [] : `${protocol} on ${inbound.host}:${port}, for addresses at ${mailDomain}`,
    inbound.imapUrl === undefined ? [] : 'a mailbox that is read each minute',
  ].flat();
  if (ways.length > 0) return ways.join(', and ');
  if (inbound.port === undefined)
    return 'nowhere: set INBOUND_SMTP_PORT or INBOUND_IMAP_URL to take answers and bounces';
  return `nowhere: port ${inbound.port} is in use by another program; set INBOUND_SMTP_PORT to a free one`;
}
