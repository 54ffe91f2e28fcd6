/** The lock of the textbooks: `SELECT ... FOR UPDATE` on the rows, in the order of their key, then one UPDATE. */
import pg from 'pg';
import { HOLD_SECONDS, type Seats, type Wish } from './seats.ts';

const CONNECTIONS = 16;

export async function seatsForUpdate(
  databaseUrl: string,
  stock: readonly string[],
  places: number,
): Promise<Seats> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  pool.on('error', (error) => process.stderr.write(`${error.message}\n`));
  await pool.query('create schema if not exists peer');
  await pool.query(`create table if not exists peer.seats (
    event uuid not null, place integer not null, held_by text, held_until timestamptz, primary key (event, place))`);
  for (const event of stock) {
    await pool.query(
      'insert into peer.seats (event, place) select $1, generate_series(0, $2::integer - 1) on conflict do nothing',
      [event, places],
    );
  }
  await pool.query('analyze peer.seats');
  return {
    async hold(buyer: string, { event, places: wanted }: Wish) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query({
          name: 'lock',
          text: `select held_until is null or held_until < now() as free from peer.seats
            where event = $1 and place = any($2) order by place for update`,
          values: [event, wanted],
        });
        const free = rows.length === wanted.length && rows.every((row: { free: boolean }) => row.free);
        if (free) {
          await client.query({
            name: 'hold',
            text: `update peer.seats set held_by = $3, held_until = now() + make_interval(secs => $4)
              where event = $1 and place = any($2)`,
            values: [event, wanted, buyer, HOLD_SECONDS],
          });
        }
        await client.query(free ? 'commit' : 'rollback');
        client.release();
        return free;
      } catch (error) {
        client.release(error as Error);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}
