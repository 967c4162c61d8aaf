import { createServer, type AddressInfo } from 'node:net';

/** A port below the ones that the system gives out, on which nobody listens. */
export async function freePort(): Promise<number> {
  for (let port = 21_143; ; port += 1) if (await isFree(port)) return port;
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      const { port: got } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(got === port);
      });
    });
  });
}
