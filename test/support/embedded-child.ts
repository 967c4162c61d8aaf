import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

interface Order {
  readonly folder: string;
  readonly memory?: boolean;
  readonly as?: { readonly uid: number; readonly gid: number };
}

// A process that starts PostgreSQL, says so on one line and stops when told to: for what only several processes can show.
const { as, ...settings } = JSON.parse(process.argv[2] ?? '{}') as Order;
if (as) {
  process.setgroups?.([]);
  process.setgid?.(as.gid);
  process.setuid?.(as.uid);
}
try {
  const server = await startEmbeddedPostgres(settings);
  console.log(JSON.stringify(server));
  process.stdin.once('data', () => {
    process.stdin.destroy();
    void server.stop();
  });
} catch (error) {
  console.log(JSON.stringify({ problem: (error as Error).message }));
}
