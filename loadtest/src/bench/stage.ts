/** A system with halls on sale, started for a benchmark by `deploy/proof`, and gone with it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentWith, PROJECT } from '../config.ts';
import { Tokens } from './tokens.ts';

export interface StageWish {
  readonly servers?: number;
  readonly processes?: number;
  readonly workers?: number;
  /** Masters of a Redis Cluster, in place of one Redis. */
  readonly redisNodes?: number;
  readonly buyers: number;
  readonly halls: readonly {
    readonly events: number;
    readonly rows: number;
    readonly seatsPerRow: number;
    /** On if left out. */
    readonly noOrphans?: boolean;
  }[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly url: string;
  readonly redisUrl: string;
  /** `redis://host:port` of each Redis there is. */
  readonly redisNodes: readonly string[];
  readonly databaseUrl: string;
  readonly servers: readonly { readonly url: string; readonly pid: number }[];
  readonly workers: readonly { readonly url: string; readonly pid: number }[];
  readonly logs: string;
  readonly events: readonly (readonly string[])[];
  /** One a buyer. */
  readonly tokens: readonly string[];
  readonly startedInMs: number;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 300_000;
const STOP_WITHIN_MS = 60_000;
/** The bench asks as a thousand buyers would, from few sockets; nothing else is relaxed. */
const LIMITS = {
  MESSAGES_PER_SECOND: '100000',
  MESSAGE_BURST: '100000',
  MAX_PENDING_COMMANDS: '500',
  REQUESTS_PER_SECOND: '100000',
  LOG_LEVEL: 'warn',
};

/** Throws when it does not come up, with what it said. */
export async function openStage(wish: StageWish): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'seatwire-bench-'));
  const issuer = new Tokens();
  const env = { ...LIMITS, ...issuer.env, ...wish.env };
  const program = join(PROJECT, 'deploy', 'proof', 'dist', 'stage.js');
  const child = spawn(process.execPath, [program, JSON.stringify({ ...wish, dataDir, env })], {
    detached: true,
    // It stops when our end of its standard input closes, however we end.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environmentWith({}),
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4000);
  });

  async function stop(): Promise<void> {
    child.stdin.end();
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(late);
    rmSync(dataDir, { recursive: true, force: true });
  }

  const line = await new Promise<string | null>((resolve) => {
    let out = '';
    const timer = setTimeout(() => resolve(null), READY_WITHIN_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (!out.includes('\n')) return;
      clearTimeout(timer);
      resolve(out.slice(0, out.indexOf('\n')));
    });
  });
  if (line === null) {
    await stop();
    throw new Error(`the system for the benchmark did not come up. It said:\n${said.trim()}`);
  }
  const { buyers, ...stage } = JSON.parse(line) as Omit<Stage, 'tokens' | 'stop'> & { buyers: string[] };
  return { ...stage, tokens: buyers.map((buyer) => issuer.of(buyer)), stop };
}
