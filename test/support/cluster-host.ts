import { Logger } from '@nestjs/common';
import { startCluster } from './cluster.js';
import { leftBehind, sweep } from './leftovers.js';

// A process of its own for the run's server: jest's cannot load the migrations, and when jest is killed somebody must clear up.
Logger.overrideLogger(['warn', 'error', 'fatal']);
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
const released = new Promise((resolve) => process.once('disconnect', resolve));
const cluster = await startCluster();
process.send?.({ QUORATE_TEST_ADMIN_URL: cluster.adminUrl, QUORATE_TEST_TEMPLATE: cluster.template });
await released;
try {
  await cluster.stop();
  const left = leftBehind();
  if (left.length > 0) throw new Error(`Left behind, now removed: ${left.join(', ')}.`);
} finally {
  sweep(true);
}
