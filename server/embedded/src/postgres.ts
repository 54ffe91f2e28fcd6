import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, chown, constants, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { type Command, exitOf, howItEnded, within } from './child.ts';
import { childEnvironment } from './config.ts';
import { diskFull, EmbeddedStoreError, explainLog, folderError } from './error.ts';
import { type PostgresProgram, postgresProgram } from './postgres-program.ts';
import { runStore, type StoreOptions, type StoreProcess, type StoreProgram } from './store-process.ts';
import { commandAs, unprivilegedUser } from './unprivileged-user.ts';

export interface PostgresOptions extends StoreOptions {
  /** False: a power cut may lose or damage everything; a killed process still loses nothing. For tests. True if left out. */
  readonly fsync?: boolean;
  /** More of the server's settings: `{ max_connections: '50' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export const POSTGRES_USER = 'seatwire';
export const POSTGRES_DATABASE = 'seatwire';

/**
 * Starts a Postgres on 127.0.0.1, with a database `seatwire`. The password, random per folder, is in the url and in
 * `dir/password`, readable by its owner alone.
 */
export function startPostgres(options: PostgresOptions): Promise<StoreProcess> {
  return runStore(postgresStore(options), options);
}

function postgresStore(options: PostgresOptions): StoreProgram {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    synchronous_commit: 'on',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    fsync: options.fsync === false ? 'off' : 'on',
    ...options.settings,
  };
  const files = (dir: string) => ({ cluster: join(dir, 'data'), password: join(dir, 'password') });
  const url = (port: number, dir: string, database = POSTGRES_DATABASE) => {
    const password = readFileSync(files(dir).password, 'utf8').trim();
    return `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${database}`;
  };

  return {
    store: 'Postgres',
    // SIGINT is Postgres's fast shutdown: sessions are cut, everything committed is written.
    stopSignal: 'SIGINT',
    // Long enough to replay the log of a killed run.
    startWithinMs: 120_000,
    stopWithinMs: 20_000,
    async prepare(dir) {
      try {
        await createCluster(await postgresProgram(), dir, files(dir), options.fsync !== false);
      } catch (error) {
        throw folderError(dir, error);
      }
    },
    async command(dir, port) {
      const { cluster } = files(dir);
      const { postgres } = await postgresProgram();
      // Nothing runs in this folder by now. Left in place, the number it names may by chance be some other process's.
      await rm(join(cluster, 'postmaster.pid'), { force: true });
      const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]);
      // From the project's own folder: with a capability, the user may lack the right to start in `dir`.
      return commandAs(
        unprivilegedUser(cluster),
        { file: postgres, args: ['-D', cluster, ...flags], cwd: dir },
        [postgres, join(cluster, 'PG_VERSION')],
      );
    },
    async probe(child, port, dir) {
      try {
        await createDatabase(url(port, dir, 'postgres'));
      } catch (error) {
        if (!isFinal(error)) throw error;
        // The port may be another Postgres's: then ours is about to end, and its log says more.
        await within(1_000, exitOf(child));
        throw refusal(dir, error);
      }
    },
    url: (port, dir) => url(port, dir),
    owns: ({ args, cwd }, dir) => {
      const { cluster } = files(dir);
      const program = basename(args[0] ?? '');
      // Postgres's own processes rename themselves ("postgres: walwriter") but work in the cluster's folder.
      return (
        (program.startsWith('postgres') || program === 'initdb') &&
        (cwd === cluster || args.includes(cluster))
      );
    },
  };
}

/** Makes the cluster's folder, unless it is there. It appears whole, by a rename, so a killed first start leaves no half. */
async function createCluster(
  program: PostgresProgram,
  dir: string,
  files: { cluster: string; password: string },
  sync: boolean,
): Promise<void> {
  for (const entry of await readdir(dir)) {
    if (entry.startsWith('data.new-')) await rm(join(dir, entry), { recursive: true, force: true });
  }
  if (await exists(join(files.cluster, 'PG_VERSION'))) {
    await checkVersion(files.cluster);
    await access(files.password, constants.R_OK);
    return;
  }
  const fresh = join(dir, `data.new-${randomUUID()}`);
  const user = unprivilegedUser(files.cluster);
  await mkdir(fresh, { mode: 0o700 });
  const password = join(fresh, 'password');
  await writeFile(files.password, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 });
  try {
    const made = join(fresh, 'cluster');
    await writeFile(password, readFileSync(files.password), { mode: 0o600 });
    if (user) for (const path of [fresh, password]) await chown(path, user.uid, user.gid);
    const args = [
      `--pgdata=${made}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Postgres's own UTF-8 order: the same on every machine, whatever languages the system has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(sync ? [] : ['--no-sync']),
    ];
    await runInitdb(
      commandAs(user, { file: program.initdb, args, cwd: dir }, [program.initdb, password]),
      dir,
    );
    await rename(made, files.cluster);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function runInitdb(command: Command, dir: string): Promise<void> {
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: command.cwd,
    env: childEnvironment({}),
    timeout: 120_000,
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  const output = Promise.all([text(child.stdout), text(child.stderr), exitOf(child)]);
  const result = await Promise.race([failed, output]);
  if (result instanceof Error) throw folderError(command.file, result);
  if (child.exitCode !== 0) throw explainLog('Postgres', dir, 0, result[1] || result[0], howItEnded(child));
}

async function checkVersion(cluster: string): Promise<void> {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === PG_MAJOR) return;
  throw new EmbeddedStoreError(
    'folder_unusable',
    `The data in ${cluster} was written by Postgres ${version}; the embedded one is ${PG_MAJOR} and cannot read it. ` +
      'Move it away to begin anew, or set SEATWIRE_DATABASE_URL to a server of that version.',
  );
}

const PG_MAJOR = '18';

/** Creates the database unless it is there. Throws while the server does not take connections yet. */
async function createDatabase(maintenanceUrl: string): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(maintenanceUrl);
  // Whatever is left out here, `pg` takes from PG* variables of the shell.
  const client = new pg.Client({
    host: hostname,
    port: Number(port),
    user: username,
    password: () => password,
    database: pathname.slice(1),
    ssl: false,
    sslnegotiation: 'postgres',
    options: '-c timezone=UTC',
    application_name: 'seatwire-start',
    connectionTimeoutMillis: 2_000,
    query_timeout: 20_000,
    client_encoding: 'UTF8',
    ...{ replication: 'false' },
  });
  // A connection lost between queries is reported here as well as by the query; unheard, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      POSTGRES_DATABASE,
    ]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(POSTGRES_DATABASE)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Said by a server that will say the same the next time. A server that starts, stops or is full says other things. */
function isFinal(error: unknown): error is Error {
  if (error instanceof pg.DatabaseError)
    return !/^(08|40|53[023]|55|57)/.test(error.code ?? '') && error.code !== '42P04';
  return error instanceof Error && /does not support SSL/.test(error.message);
}

function refusal(dir: string, error: Error): EmbeddedStoreError {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code === '53100') return diskFull(dir, error);
  return new EmbeddedStoreError(
    'start_failed',
    `The embedded Postgres in ${dir} runs, but refuses us: ${error.message}${code === undefined ? '' : ` (SQLSTATE ${code})`}`,
    { cause: error },
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
