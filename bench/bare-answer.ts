/** One answer as somebody would write it by hand: lock, check, and everything else in one statement. */
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';
import { type PoolClient } from 'pg';
import { ANSWER, TO_ANSWER } from './bare.sql.js';
import { type Asker, type ServerPlan } from './protocol.js';

interface ToAnswer {
  readonly meeting_id: string;
  readonly matter_id: string;
  readonly contact_id: string;
  readonly agency_id: string;
  readonly status: string;
  readonly answer: string;
  readonly reply_sealed: Buffer;
  readonly meeting_status: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly revision: number;
  readonly ref: string;
  readonly name: string;
  readonly email: string;
  readonly authority: string;
  readonly short_name: string;
  readonly phone: string;
}

const DOMAIN = 'reply.quorate.example';

/** Takes one answer in the open transaction of `client`; the invitation as it is now, as JSON text. */
export async function answerInvitation(
  client: PoolClient,
  plan: ServerPlan,
  by: Asker,
  { invitationId, kind }: { invitationId: string; kind: string },
): Promise<string> {
  const now = new Date();
  const found = await client.query<ToAnswer>({
    name: 'to-answer',
    text: TO_ANSWER,
    values: [by.authorityId, invitationId],
  });
  const [row] = found.rows;
  if (row?.status !== 'OPEN' || row.meeting_status !== 'SCHEDULED' || row.starts_at <= now) throw new Error('Not open');
  const key = Buffer.from(plan.sealingKey, 'hex');
  const token = open(row.reply_sealed, key, `${by.authorityId}|invitation|${invitationId}|reply`).toString();
  const messageId = randomUUIDv7();
  const mail = write(row, { kind, now, from: `r-${token}@${DOMAIN}` });
  const details = {
    meetingId: row.meeting_id,
    contactId: row.contact_id,
    agencyId: row.agency_id,
    kind,
    channel: 'PHONE',
    revision: row.revision,
  };
  const { rows } = await client.query<{ answer: string }>({
    name: 'answer',
    text: ANSWER,
    values: [
      by.authorityId,
      randomUUIDv7(),
      invitationId,
      row.meeting_id,
      row.matter_id,
      row.revision,
      kind,
      by.name,
      now,
      messageId,
      row.contact_id,
      row.email,
      `b-${randomBytes(13).toString('hex')}@${DOMAIN}`,
      mail.subject,
      mail.id,
      seal(mail.bytes, key, `${by.authorityId}|message|${messageId}`),
      createHash('sha256').update(mail.bytes).digest('hex'),
      JSON.stringify({ ...details, before: row.answer, counts: true, reason: null }),
      row.agency_id,
    ],
  });
  return rows[0]?.answer ?? 'null';
}

function write(
  row: ToAnswer,
  { kind, now, from }: { kind: string; now: Date; from: string },
): { subject: string; id: string; bytes: Buffer } {
  const subject = `Multi-agency meeting ${row.ref}: we have your answer`;
  const id = `<${randomUUID()}@${DOMAIN}>`;
  const lines = [
    `Dear ${row.name}`,
    'Thank you. This answer was written down for you after a telephone call.',
    `Reference: ${row.ref}`,
    `When: ${row.starts_at.toISOString()} to ${row.ends_at.toISOString()}`,
    `Your answer: ${kind}`,
    `Was it not you who answered? Ring ${row.authority} on ${row.phone} at once.`,
    'You can change your answer by the link in your invitation until the meeting starts.',
  ];
  const bytes = [
    `From: ${row.short_name} meetings <${from}>`,
    `To: ${row.email}`,
    `Subject: ${subject}`,
    `Message-ID: ${id}`,
    `Date: ${now.toUTCString()}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    lines.join('\r\n\r\n'),
    '--part',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<!DOCTYPE html><html lang="en-GB"><body>${lines.map((line) => `<p style="font-family:Arial,sans-serif">${line}</p>`).join('\r\n')}</body></html>`,
    '--part--',
    '',
  ].join('\r\n');
  return { subject, id, bytes: Buffer.from(bytes) };
}

function seal(content: Buffer, key: Buffer, place: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function open(sealed: Buffer, key: Buffer, place: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
