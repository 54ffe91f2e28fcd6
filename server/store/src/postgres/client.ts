/**
 * A connection to Postgres as its address says, and nothing else. `pg` would fill in what an address leaves out from
 * the shell: PGSSLMODE, PGOPTIONS, PGUSER and a dozen more, and passwords from PGPASSFILE. A server that reads DATABASE_URL
 * must not depend on what was exported for psql.
 */
import { userInfo } from 'node:os';
import pg from 'pg';
import { parse } from 'pg-connection-string';

/** What `pg` calls an address's fields, as this file sets them; the rest is the caller's. */
export type ClientOptions = Omit<
  pg.ClientConfig,
  | 'connectionString'
  | 'user'
  | 'password'
  | 'host'
  | 'port'
  | 'database'
  | 'ssl'
  | 'sslnegotiation'
  | 'options'
> & { readonly application_name: string };

/** Not connected yet. Left out of the address: this host, port 5432, the system's user name, and that name's database. */
export function postgresClient(url: string, options: ClientOptions): pg.Client {
  const said = parse(url);
  const user = said.user || userInfo().username;
  const client = new pg.Client({
    ...options,
    ...(said as object),
    application_name: said.application_name || options.application_name,
    user,
    // As a function: pg takes an empty text for none, and looks in PGPASSWORD and PGPASSFILE.
    password: () => said.password ?? '',
    host: said.host || 'localhost',
    port: Number(said.port || 5432),
    database: said.database || user,
    ssl: sslOf(said.ssl),
    sslnegotiation: said.sslnegotiation ?? 'postgres',
    client_encoding: 'UTF8',
  });
  // No value that can be given to the constructor means "none": these two are taken back.
  const { connectionParameters } = client as unknown as {
    connectionParameters: { options: string | undefined; replication: undefined };
  };
  connectionParameters.options = said.options;
  connectionParameters.replication = undefined;
  return client;
}

/** No word of it in the address means no TLS; pg knows what its other words mean, but takes `false` for one of them. */
function sslOf(said: ReturnType<typeof parse>['ssl']): NonNullable<pg.ClientConfig['ssl']> {
  return said === undefined || said === 'false' ? false : (said as boolean);
}
