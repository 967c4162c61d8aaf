/** Messages as other mail systems send them back: the shapes of interoperability guide, sections 8.5 and 8.7. */

export interface Original {
  readonly to: string;
  readonly messageId: string;
}

const lines = (...all: (string | string[])[]): string => `${all.flat().join('\r\n')}\r\n`;

const returned = ({ to, messageId }: Original): string[] => [
  'From: "Northshire meetings" <r-abc@reply.northshire.example>',
  `To: ${to}`,
  'Subject: Multi-agency meeting ALL-2026-0147',
  `Message-ID: ${messageId}`,
];

function report(
  head: string[],
  words: string[],
  status: string[],
  original: string[],
  type = 'report-type=delivery-status; ',
): string {
  return lines(
    head,
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; ${type}boundary="rep"`,
    '',
    '--rep',
    'Content-Type: text/plain; charset=utf-8',
    '',
    words,
    '--rep',
    'Content-Type: message/delivery-status',
    '',
    status,
    '--rep',
    'Content-Type: text/rfc822-headers',
    '',
    original,
    '--rep--',
  );
}

/** Bounces for good, one builder for each mail system. */
export const BOUNCES: Readonly<Record<string, (original: Original) => string>> = {
  Postfix: (original) =>
    report(
      [
        'From: MAILER-DAEMON@mx.force.example (Mail Delivery System)',
        'Subject: Undelivered Mail Returned to Sender',
        'Auto-Submitted: auto-replied',
      ],
      [
        'This is the mail system at host mx.force.example.',
        '',
        `<${original.to}>: host mail.force.example[192.0.2.7] said: 550 5.1.1`,
        '    User unknown in virtual mailbox table (in reply to RCPT TO command)',
      ],
      [
        'Reporting-MTA: dns; mx.force.example',
        'Arrival-Date: Mon, 30 Nov 2026 11:20:02 +0000',
        '',
        `Final-Recipient: rfc822; ${original.to}`,
        `Original-Recipient: rfc822;${original.to}`,
        'Action: failed',
        'Status: 5.1.1',
        'Remote-MTA: dns; mail.force.example',
        'Diagnostic-Code: smtp; 550 5.1.1 User unknown in virtual',
        '    mailbox table',
      ],
      returned(original),
    ),
  Exchange: (original) =>
    report(
      [
        'From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@force.example>',
        'Subject: Undeliverable: Multi-agency meeting ALL-2026-0147',
        'Auto-Submitted: auto-replied',
      ],
      ['Delivery has failed to these recipients or groups:', '', original.to, 'The email address could not be found.'],
      [
        'Reporting-MTA: dns;LO4P265MB1234.GBRP265.PROD.OUTLOOK.COM',
        '',
        `Final-Recipient: rfc822;${original.to}`,
        'Action: failed',
        'Status: 5.1.10',
        'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      ],
      returned(original),
    ),
  Gmail: (original) =>
    report(
      [
        'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        'Subject: Delivery Status Notification (Failure)',
        'Auto-Submitted: auto-replied',
        `X-Failed-Recipients: ${original.to}`,
      ],
      [
        '** Address not found **',
        '',
        `Your message wasn't delivered to ${original.to} because the address couldn't be found.`,
      ],
      [
        'Reporting-MTA: dns; googlemail.com',
        '',
        `Final-Recipient: rfc822; ${original.to}`,
        'Action: failed',
        'Status: 5.1.1',
        'Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.',
      ],
      returned(original),
    ),
  Exim: (original) =>
    lines(
      'From: Mail Delivery System <Mailer-Daemon@mx.force.example>',
      'Subject: Mail delivery failed: returning message to sender',
      'Auto-Submitted: auto-replied',
      `X-Failed-Recipients: ${original.to}`,
      '',
      'This message was created automatically by mail delivery software.',
      '',
      'A message that you sent could not be delivered to one or more of its',
      'recipients. This is a permanent error. The following address(es) failed:',
      '',
      `  ${original.to}`,
      '    host mail.force.example [192.0.2.7]',
      '    SMTP error from remote mail server after RCPT TO:',
      '    550 5.1.1 <leanne>: Recipient address rejected: User unknown',
      '',
      '------ This is a copy of the message, including all the headers. ------',
      '',
      returned(original),
      '',
      'Status 4.2.0 stands in the meeting’s own words.',
    ),
  qmail: (original) =>
    lines(
      'From: MAILER-DAEMON@mx.force.example',
      'Subject: failure notice',
      '',
      'Hi. This is the qmail-send program at mx.force.example.',
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      '',
      `<${original.to}>:`,
      'Sorry, no mailbox here by that name. (#5.1.1)',
      '',
      '--- Below this line is a copy of the message.',
      '',
      'Return-Path: <b-abc@reply.northshire.example>',
      returned(original),
    ),
  'Postfix without a report type': (original) =>
    report(
      ['From: MAILER-DAEMON@mx.force.example', 'Subject: Undelivered Mail Returned to Sender'],
      ['Your message could not be delivered.'],
      [
        'Reporting-MTA: dns; mx.force.example',
        '',
        `Final-Recipient: rfc822; ${original.to}`,
        'Action: failed',
        'Status: 5.4.1',
      ],
      returned(original),
      '',
    ),
};

/** A delay: nothing is wrong for good. */
export function delayed(original: Original): string {
  return report(
    [
      'From: MAILER-DAEMON@mx.force.example',
      'Subject: Delayed Mail (still being retried)',
      'Auto-Submitted: auto-replied',
    ],
    ['Your message could not be delivered for more than 4 hours. It will be retried.'],
    [
      'Reporting-MTA: dns; mx.force.example',
      '',
      `Final-Recipient: rfc822; ${original.to}`,
      'Action: delayed',
      'Status: 4.4.1',
    ],
    returned(original),
  );
}

/** Words from which no program can tell why. */
export function wordless(original: Original): string {
  return lines('From: postmaster@force.example', 'Subject: Your mail', '', `We do not have ${original.to} any more.`);
}

/** An absence notice as Exchange sends it, with an empty envelope sender to the bounce address. */
export const AWAY = lines(
  'From: Leanne Firth <leanne@force.example>',
  'Subject: Automatic reply: Multi-agency meeting ALL-2026-0147',
  'Auto-Submitted: auto-generated',
  'X-Auto-Response-Suppress: All',
  '',
  'I am on leave until 7 December. I accept no meetings. In urgent cases ring 101.',
);

export function plain(headers: string[], ...body: string[]): string {
  return lines('From: Leanne Firth <leanne@force.example>', headers, '', body);
}

/** A message of several parts. */
export function multipart(headers: string[], ...parts: string[][]): string {
  const inner = parts.flatMap((part) => ['--b', ...part]);
  return lines(
    'From: leanne@force.example',
    headers,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    inner,
    '--b--',
  );
}

export function calendar(method: string, more: string[] = []): string[] {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `METHOD:${method}`,
    'BEGIN:VEVENT',
    'UID:1@reply.northshire.example',
    'DTSTAMP:20261130T112000Z',
    'ATTENDEE;PARTSTAT=ACCEPTED:mailto:leanne@force.example',
    ...more,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
}
