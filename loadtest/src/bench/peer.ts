/** One of the services under `loadtest/peers`, in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environmentWith, PROJECT } from '../config.ts';

export type PeerName = 'http-set-nx' | 'uws-set-nx' | 'http-for-update' | 'no-op';

export interface Peer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** `places`: how many each event has. Throws with what it said when it does not come up. */
export async function startPeer(
  name: PeerName,
  on: { redisUrl: string; databaseUrl: string; events: readonly string[]; places: number },
): Promise<Peer> {
  const program = join(PROJECT, 'loadtest', 'dist', 'peers', 'main.js');
  const { redisUrl, databaseUrl, events, places } = on;
  const given = JSON.stringify({ redisUrl, databaseUrl, events, places });
  const child = spawn(process.execPath, [program, name, given], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environmentWith({ NODE_ENV: 'production' }),
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2000);
  });
  async function stop(): Promise<void> {
    child.kill('SIGKILL');
    await gone;
  }
  const port = await new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), READY_WITHIN_MS);
    const settle = (answer: number | null): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    child.once('close', () => settle(null));
    child.stdout.setEncoding('utf8').on('data', (line: string) => {
      settle((JSON.parse(line) as { port: number }).port);
    });
  });
  if (port === null) {
    await stop();
    throw new Error(`the peer ${name} did not come up. It said:\n${said.trim()}`);
  }
  return { url: `http://127.0.0.1:${port}`, pid: child.pid!, stop };
}
