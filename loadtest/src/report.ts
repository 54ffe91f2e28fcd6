/** What a run leaves behind: summary.json, and the variables under which k6 writes report.html beside it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { PLOTS, type RunOptions } from './config.ts';
import type { Summary } from './flatness.ts';
import type { Verdict } from './proof.ts';
import type { Result } from './result.ts';

/** Enough points for a plot, however short the run: k6 takes none from a run of fewer than a few periods. */
const POINTS = 60;

/** Makes the folder. Returns what k6 is to find in its environment; nothing without a folder. */
export function reporting(folder: string | null, seconds: number): Record<string, string> {
  if (folder === null) return {};
  mkdirSync(folder, { recursive: true });
  return {
    K6_WEB_DASHBOARD: 'true',
    K6_WEB_DASHBOARD_EXPORT: resolve(folder, 'report.html'),
    K6_WEB_DASHBOARD_PERIOD: `${Math.max(1, Math.round(seconds / POINTS))}s`,
    // No page is served: k6 would wait for whoever looks at it.
    K6_WEB_DASHBOARD_PORT: '-1',
    XK6_DASHBOARD_CONFIG: PLOTS,
  };
}

export interface Outcome {
  readonly startedAt: Date;
  readonly event: { readonly id: string; readonly title: string; readonly places: number };
  readonly metrics: Summary;
  readonly thresholdsMet: boolean;
  readonly verdict: Verdict;
  /** What else was wrong, beyond thresholds and proof. */
  readonly remarks: readonly string[];
  readonly result: Result;
}

export function summary(options: RunOptions, outcome: Outcome) {
  const { startedAt, event, metrics, thresholdsMet, verdict, remarks, result } = outcome;
  const { scenario, url, sockets, rate, seconds, part, plant } = options;
  return {
    scenario,
    result,
    passed: result === 'passed',
    startedAt: startedAt.toISOString(),
    options: { url, sockets, rate, seconds, part, plant },
    event,
    machine: {
      cpus: cpus().length,
      cpu: cpus()[0]?.model ?? 'unknown',
      memoryBytes: totalmem(),
      node: process.version,
    },
    thresholdsMet,
    proof: { proven: verdict.proven, line: verdict.line, problems: verdict.problems },
    remarks,
    metrics,
  };
}

export function writeSummary(folder: string, options: RunOptions, outcome: Outcome): void {
  const text = JSON.stringify(summary(options, outcome), null, 2);
  writeFileSync(join(folder, 'summary.json'), `${text}\n`);
}

/** k6's own export; empty when it was stopped before it wrote one. */
export function readMetrics(file: string): Summary {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { metrics: Summary }).metrics;
  } catch {
    return {};
  }
}
