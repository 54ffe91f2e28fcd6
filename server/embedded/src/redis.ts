import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { folderError } from './error.ts';
import { redisProgram } from './redis-program.ts';
import { runStore, type StoreOptions, type StoreProcess, type StoreProgram } from './store-process.ts';

export interface RedisOptions extends StoreOptions {
  /**
   * When a write counts as done. `always` (the default) loses no acknowledged write to a crash; `everysec` lost
   * 4k-12k of 16k-49k on a plain SIGKILL with a slow disk; `no` keeps nothing on disk at all, for tests.
   */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  /** More of redis-server's own options, as on its command line: `['--databases', '4']`. */
  readonly extraArgs?: readonly string[];
}

/** Starts a Redis on 127.0.0.1. It refuses writes rather than evict keys, and never takes RDB snapshots. */
export function startRedis(options: RedisOptions): Promise<StoreProcess> {
  return runStore(redisStore(options), options);
}

function redisStore(options: RedisOptions): StoreProgram {
  const appendfsync = options.appendfsync ?? 'always';
  return {
    store: 'Redis',
    stopSignal: 'SIGTERM',
    // Loading the log is most of a start: about 1 s for 500 MB.
    startWithinMs: 60_000,
    stopWithinMs: 10_000,
    async command(dir, port) {
      const config = join(dir, CONFIG);
      await writeFile(config, configText(dir, port, appendfsync)).catch((error: unknown) => {
        throw folderError(dir, error);
      });
      return { file: await redisProgram(), args: [config, ...(options.extraArgs ?? [])] };
    },
    probe: (child, port) => answerAs(child.pid, port),
    url: (port) => `redis://127.0.0.1:${port}`,
    owns: ({ args, cwd }, dir) => {
      const program = basename(args[0] ?? '');
      // A forked child (a log rewrite) shows the same arguments or, renamed, the same working folder.
      return /^(redis|valkey)-/.test(program) && (args[1] === join(dir, CONFIG) || cwd === dir);
    },
  };
}

const CONFIG = 'redis.conf';

function configText(dir: string, port: number, appendfsync: 'always' | 'everysec' | 'no'): string {
  return [
    '# Written at each start.',
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `dir ${JSON.stringify(dir)}`,
    `appendonly ${appendfsync === 'no' ? 'no' : 'yes'}`,
    `appendfsync ${appendfsync}`,
    'save ""',
    'maxmemory-policy noeviction',
    // Answers under op ids age as one large hash a time: freed in one piece it would stop Redis for a moment.
    'lazyfree-lazy-expire yes',
    // Keeps the command line readable, by which a killed run's Redis is told from a stranger's.
    'set-proc-title no',
    'daemonize no',
    '',
  ].join('\n');
}

/** Resolves when the Redis on `port` is the process `pid` (not another that had the port first) and has loaded its data. */
function answerAs(pid: number | undefined, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    let heard = '';
    const settle = (reason?: Error | string) => {
      socket.destroy();
      if (reason === undefined) resolve();
      else reject(reason instanceof Error ? reason : new Error(reason));
    };
    socket.on('connect', () => socket.write('INFO server\r\nPING\r\n'));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      const [, refusal] = /\r\n-([^\r\n]*)\r\n$/.exec(`\r\n${heard}`) ?? [];
      if (refusal !== undefined) settle(`it answers: ${refusal}`);
      else if (/\r\n\+PONG\r\n$/.test(heard))
        settle(heard.includes(`process_id:${pid}\r\n`) ? undefined : 'another Redis answers on its port');
    });
    socket.on('timeout', () => settle('it takes connections, but does not answer'));
    socket.on('error', settle);
    socket.on('close', () => settle('it closed the connection'));
  });
}
