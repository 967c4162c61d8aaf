/**
 * Loaded before a process to kill it at a point of its work: before the nth time that it writes to a socket or is given
 * something from one, of the database, the mail server and the look-up alike. With no point it only counts.
 */
import { Socket } from 'node:net';

let counting = process.env.CRASH_FROM === 'start';
let at = Number(process.env.CRASH_AT ?? 0);
let count = 0;

function point(): void {
  if (!counting) return;
  count += 1;
  if (count === at) process.kill(process.pid, 'SIGKILL');
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
const prototype = Socket.prototype as unknown as Record<'_write' | '_writev' | 'push', Method>;

for (const name of ['_write', '_writev', 'push'] as const) {
  const method = prototype[name];
  prototype[name] = function (...args: unknown[]): unknown {
    if (args[0] !== null) point();
    return method.apply(this, args);
  };
}

process.on('message', (message: { arm?: number; ask?: 'points' }) => {
  if (message.arm !== undefined) {
    [counting, at, count] = [true, message.arm, 0];
    process.send?.({ armed: true });
  } else if (message.ask === 'points') process.send?.({ points: count });
});
