/*
 * The sending worker by itself: `node dist/src/mail/sending/sending-worker.js` sends what is queued as the narrow mail
 * role, without the rest of the service. Several may run, here or on other machines, beside processes that send as well.
 */
import { readWorkerSettings, SettingProblem } from '../../config.js';
import { openWith } from '../../database/sealed.js';
import { Sender } from './sender.js';
import { mailPool, whereMailGoes } from './sending-parts.js';

function start(): void {
  const settings = readWorkerSettings(process.env, process.env.QUORATE_FOLDER ?? '.quorate');
  const now = (): Date => new Date();
  const pool = mailPool(settings);
  const sender = new Sender({
    ...whereMailGoes(settings, pool, now),
    pool,
    settings: settings.sending,
    now,
    open: (sealed, place) => openWith(settings.sealingKey, sealed, place),
    warn: (line) => process.stderr.write(`${line}\n`),
  });
  const stop = (): void => {
    void sender.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  sender.start();
  process.stdout.write('Sending.\n');
}

try {
  start();
} catch (error) {
  if (!(error instanceof SettingProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
