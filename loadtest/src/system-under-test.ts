/** A system started for one run, in a folder that is gone afterwards: `deploy/local` does the work, in a process of its own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentWith, PROJECT } from './config.ts';

export interface SystemUnderTest {
  /** http://127.0.0.1:port */
  readonly url: string;
  stop(): Promise<void>;
}

/** It could not be started. The message ends with what it said. */
export class NoSystem extends Error {
  override readonly name = 'NoSystem';
}

const START_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 60_000;

/** `interrupted`: stop at once, also while starting. */
export async function startSystemUnderTest(
  progress: (line: string) => void,
  interrupted: AbortSignal,
): Promise<SystemUnderTest> {
  const launcher = join(PROJECT, 'deploy', 'local', 'dist', 'main.js');
  if (!existsSync(launcher)) throw new NoSystem('The system is not built. Run: npm run build');
  const dataDir = mkdtempSync(join(tmpdir(), 'seatwire-loadtest-'));
  const child = spawn(
    process.execPath,
    [launcher, '--quiet', '--json', '--until-eof', '--port', '0', '--data-dir', dataDir],
    {
      // A group of its own, so that Ctrl-C reaches us alone and the system is stopped in order.
      detached: true,
      // Our end of its standard input: it stops when we are gone, however we went.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environmentWith({
        // All buyers sign up from this one address.
        SEATWIRE_SET_REGISTRATIONS_PER_MINUTE: '100000',
        SEATWIRE_SET_REQUESTS_PER_SECOND: '100000',
        SEATWIRE_SET_LOG_LEVEL: 'warn',
      }),
    },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4000);
    for (const line of text.split('\n')) if (line.trim() !== '') progress(line.trim());
  });

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(late);
    rmSync(dataDir, { recursive: true, force: true });
  }

  const firstLine = new Promise<string>((resolve) => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late' | 'interrupted'>((resolve) => {
    timer = setTimeout(() => resolve('late'), START_WITHIN_MS);
    interrupted.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
  const broken = new Promise<'exit'>((resolve) => {
    child.once('error', () => resolve('exit'));
    child.once('exit', () => resolve('exit'));
  });
  const outcome = await Promise.race([firstLine, broken, late]);
  clearTimeout(timer);
  if (outcome === 'exit' || outcome === 'late' || outcome === 'interrupted') {
    await stop();
    if (outcome === 'interrupted') throw new NoSystem('Interrupted.');
    const what = outcome === 'exit' ? 'ended' : `was not ready within ${START_WITHIN_MS / 1000} s`;
    throw new NoSystem(`The system started for this run ${what}. It said:\n${said.trim()}`);
  }
  const { url } = JSON.parse(outcome) as { url: string };
  return { url, stop };
}
