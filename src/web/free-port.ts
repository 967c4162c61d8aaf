import { createServer } from 'node:net';

/** Throws EADDRINUSE when somebody else listens there already: found out before anything else is begun. */
export async function requireFreePort(port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => {
      probe.close(() => {
        resolve();
      });
    });
  });
}
