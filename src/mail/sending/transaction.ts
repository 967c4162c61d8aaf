import { type Pool, type PoolClient } from 'pg';

/**
 * One transaction of the mail role. It is rolled back when the work throws or answers undefined; a connection that broke
 * is let go.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T | undefined>,
): Promise<T | undefined> {
  const client = await pool.connect();
  // A connection that breaks between two statements says so by an event, which ends the process when nobody listens.
  client.on('error', ignored);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query(result === undefined ? 'rollback' : 'commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    client.off('error', ignored);
  }
}

function ignored(): void {
  // The next statement on it fails.
}
