import { type Settings } from './config.js';

/** What a person who started the service needs next. */
export function welcome(settings: Settings, how: { embedded: boolean; token: string | undefined }): string {
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
  if (how.embedded)
    lines.push(
      '',
      '  This is a trial with a built-in PostgreSQL and invented people. For real work set DATABASE_URL: see docs/start.md.',
    );
  lines.push('', '  Ctrl-C stops it.', '');
  return lines.join('\n');
}
