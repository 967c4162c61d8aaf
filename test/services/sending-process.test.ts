import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aDatabase, type TestDatabase } from '../support/cluster.js';
import { aLetter, keysIn, queue, states } from '../support/letters.js';
import { type OwnProcess, run } from '../support/process.js';
import { type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.js';
import { anAuthority, startService, type TestService } from '../support/service.js';

jest.setTimeout(60_000);

let smtp: ScriptedSmtp;
let service: TestService;
let folder: string;
let workers: OwnProcess[];

beforeEach(async () => {
  smtp = await startScriptedSmtp();
  folder = mkdtempSync(join(tmpdir(), 'quorate-worker-'));
  service = await startService({ settings: { smtpUrl: smtp.url }, prepare: anAuthority, now: new Date() });
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) {
    worker.child.kill('SIGKILL');
    await worker.ended;
  }
  await service.stop();
  await smtp.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The sending worker as a process of its own, in a hurry. */
async function aWorker(databaseUrl = service.database.mailUrl): Promise<OwnProcess> {
  const worker = run('src/mail/sending/sending-worker.ts', [], {
    DATABASE_MAIL_URL: databaseUrl,
    SMTP_URL: smtp.url,
    SEALING_KEY: service.settings.sealingKey.toString('hex'),
    QUORATE_FOLDER: folder,
    MAIL_LEASE_SECONDS: '2',
    MAIL_SEND_LIMIT_SECONDS: '1.5',
    MAIL_DOUBT_SECONDS: '1',
    MAIL_POLL_MS: '50',
    MAIL_BACKOFF_SECONDS: '0.1',
  });
  workers.push(worker);
  await worker.says(/Sending\./);
  return worker;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 30));
}

const allAre = (state: string) => async (): Promise<boolean> => (await states(service)).every((one) => one === state);

async function kill(worker: OwnProcess): Promise<void> {
  worker.child.kill('SIGKILL');
  await worker.ended;
}

describe('the sending worker by itself', () => {
  it('sends what is queued, and loads neither Nest nor TypeORM nor GraphQL', async () => {
    const worker = await aWorker();
    await queue(service, ...Array.from({ length: 30 }, (_, n) => aLetter(`m${n}`)));
    await until(allAre('SENT'));
    expect(new Set(keysIn(smtp.taken)).size).toBe(30);
    expect(await worker.stop()).toBe(0);
    const loaded = loadedBy('src/mail/sending/sending-worker.ts');
    expect(loaded.files).toContain('src/config.ts');
    expect(loaded.packages.filter((name) => /nest|typeorm|graphql|apollo|reflect-metadata|express/.test(name))).toEqual(
      [],
    );
  });

  it('killed before the content went loses nothing and doubles nothing', async () => {
    smtp.script.push(['RCPT', { silentMs: 60_000 }]);
    await queue(service, aLetter('one'));
    const killed = await aWorker();
    await until(() => smtp.commands.some((line) => line.startsWith('RCPT')));
    await kill(killed);
    await aWorker();
    await until(allAre('SENT'));
    expect(keysIn(smtp.taken)).toEqual(['one']);
  });

  it('killed before it heard the answer repeats the same bytes, and says that it may have', async () => {
    smtp.script.push(['end', { silentMs: 60_000 }]);
    await queue(service, aLetter('one'));
    const killed = await aWorker();
    await until(() => smtp.taken.length === 1);
    await kill(killed);
    await aWorker();
    await until(allAre('SENT'));
    expect(keysIn(smtp.taken)).toEqual(['one', 'one']);
    expect(new Set(smtp.taken).size).toBe(1);
    expect(await service.look('select possible_repeats from message')).toEqual([{ possible_repeats: 1 }]);
    const outcomes = await service.look<{ outcome: string }>('select outcome from message_attempt order by attempt');
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['NOT_KNOWN', 'TAKEN']);
  });

  it('frozen for longer than its lease and its doubt does not send what another has sent meanwhile', async () => {
    smtp.script.push(['greeting', { silentMs: 500 }]);
    await queue(service, aLetter('one'));
    const frozen = await aWorker();
    await until(() => smtp.connections === 1);
    frozen.child.kill('SIGSTOP');
    await aWorker();
    await until(allAre('SENT'));
    frozen.child.kill('SIGCONT');
    await queue(service, aLetter('two'));
    await until(allAre('SENT'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(keysIn(smtp.taken)).toEqual(['one', 'two']);
  });
});

describe('refuses', () => {
  it('to send from a restored copy of the database', async () => {
    await queue(service, aLetter('sent'));
    const worker = await aWorker();
    await until(allAre('SENT'));
    await worker.stop();
    await queue(service, aLetter('waiting'));
    const copy = await aCopy();
    await aWorker();
    await until(allAre('SENT'));
    const onCopy = await aWorker(copy.mailUrl);
    await onCopy.says(/All mail is held/);
    await kill(onCopy);
    await copy.drop();
    expect(keysIn(smtp.taken)).toEqual(['sent', 'waiting']);
  });
});

/** What a dump of the database holds of mail as it is now, restored into another database. */
async function aCopy(): Promise<TestDatabase> {
  const copy = await aDatabase();
  const restored = new Client({ connectionString: copy.adminUrl });
  await restored.connect();
  await restored.query('truncate mail_generation');
  for (const table of ['authority', 'mail_generation', 'message', 'message_attempt']) {
    const dump = `select coalesce(jsonb_agg(t), '[]') as rows from ${table} t`;
    const [all] = await service.look<{ rows: unknown }>(dump);
    const restore = `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`;
    await restored.query(restore, [JSON.stringify(all?.rows)]);
  }
  await restored.end();
  return copy;
}

/** Every file and package that a source file pulls in, types left out. */
function loadedBy(entry: string): { files: string[]; packages: string[] } {
  const root = join(import.meta.dirname, '../..');
  const files = [entry];
  const packages = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, names = '', from = ''] of text.matchAll(/^import (?:([^;]*?) from )?'([^']+)';/gms)) {
      const isOnlyTypes = /^\{(?:\s*type [^,}]+,?)+\s*\}$/s.test(names.trim());
      if (isOnlyTypes) continue;
      if (!from.startsWith('.')) packages.add(from);
      else {
        const target = normalize(join(dirname(file), from.replace(/\.js$/, '.ts')));
        if (!files.includes(target)) files.push(target);
      }
    }
  }
  return { files, packages: [...packages] };
}
