/** One run of k6: the scenario bundled, the run file beside it, progress told while it goes, and what the sockets said read at the end. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentWith, type ScenarioName } from './config.ts';
import type { Summary } from './flatness.ts';
import { readMetrics } from './report.ts';
import type { Finding, ProgressFinding, RunFile } from './run-file.ts';
import { bundleScenario } from './scenario-bundle.ts';

const PROGRESS_MS = 5000;

export interface K6Run {
  readonly k6: string;
  readonly scenario: ScenarioName;
  readonly file: RunFile;
  /** A folder of this run's own. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

export interface K6Outcome {
  /** 0 when all thresholds were met. */
  readonly status: number | null;
  readonly findings: readonly Finding[];
  readonly metrics: Summary;
}

export async function runK6({
  k6,
  scenario,
  file,
  scratch,
  env,
  interrupted,
  say,
}: K6Run): Promise<K6Outcome> {
  const [script, runFile, lines, exported] = ['scenario.js', 'run.json', 'findings.jsonl', 'k6.json'].map(
    (name) => join(scratch, name),
  ) as [string, string, string, string];
  await bundleScenario(scenario, script);
  writeFileSync(runFile, JSON.stringify(file));
  writeFileSync(lines, '');
  const child = spawn(
    k6,
    [
      'run',
      '--no-usage-report',
      '--quiet',
      '--log-format',
      'raw',
      '--console-output',
      lines,
      '--summary-export',
      exported,
      script,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], env: environmentWith({ ...env, SEATWIRE_RUN: runFile }) },
  );
  const end = () => child.kill('SIGINT');
  interrupted.addEventListener('abort', end, { once: true });
  if (interrupted.aborted) end();
  const tail = new FindingsTail(lines);
  const telling = setInterval(() => {
    const left = Math.ceil((file.readsAt - Date.now()) / 1000);
    tail.read();
    if (left > 0) say(`${scenario}: ${left} s left; ${tail.line(file.sockets)}`);
  }, PROGRESS_MS);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { status, findings: readFindings(readFileSync(lines, 'utf8')), metrics: readMetrics(exported) };
  } finally {
    clearInterval(telling);
    tail.close();
  }
}

/** k6 writes what scripts log, and at times a line of its own. */
export function readFindings(text: string): Finding[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{"kind"'))
    .map((line) => JSON.parse(line) as Finding);
}

/** The last word of each virtual user, from a file that grows. */
export class FindingsTail {
  readonly #file: number;
  readonly #latest = new Map<number, ProgressFinding>();
  readonly #chunk = Buffer.alloc(64 * 1024);
  #rest = '';
  #troubles = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  read(): void {
    for (let length = 1; length > 0; ) {
      length = readSync(this.#file, this.#chunk);
      const text = this.#rest + this.#chunk.toString('utf8', 0, length);
      const whole = text.lastIndexOf('\n') + 1;
      this.#rest = text.slice(whole);
      for (const finding of readFindings(text.slice(0, whole))) {
        if (finding.kind === 'progress') this.#latest.set(finding.vu, finding);
        if (finding.kind === 'trouble') this.#troubles++;
      }
    }
  }

  /** Such as `200 of 200 joined, 413 holds (12 refused), 30 places bought`. */
  line(sockets: number): string {
    const sum = (field: 'joined' | 'granted' | 'refused' | 'bought' | 'rejoined') =>
      [...this.#latest.values()].reduce((total, progress) => total + progress[field], 0);
    return [
      `${sum('joined')} of ${sockets} joined`,
      `${sum('granted')} holds (${sum('refused')} refused)`,
      `${sum('bought')} places bought`,
      ...(sum('rejoined') > 0 ? [`${sum('rejoined')} came back`] : []),
      ...(this.#troubles > 0 ? [`${this.#troubles} in trouble`] : []),
    ].join(', ');
  }

  close(): void {
    closeSync(this.#file);
  }
}
