/**
 * The design's targets, where they can be seen from outside, judged by k6's summary. k6 shares a machine with what it loads more often
 * than not, and is then late itself: what its own timers were late by (p99) is granted to every figure, and said.
 */
import type { ScenarioName } from './config.ts';
import type { Summary } from './flatness.ts';

interface Target {
  readonly metric: string;
  readonly about: string;
  /** p99, ms. */
  readonly within: number;
}

/** A tick (20 ms) and 10 ms more. */
const DIFFS: Target = { metric: 'seatwire_diff_age_ms', about: 'a change reaches viewers', within: 30 };
const LEDGER: Target = {
  metric: 'seatwire_confirmed_lag_ms',
  about: 'accepted is confirmed',
  within: 250,
};
const TARGETS: Readonly<Partial<Record<ScenarioName, readonly Target[]>>> = {
  browse: [DIFFS],
  'fan-out': [DIFFS],
  'slow-consumer': [DIFFS],
  purchase: [LEDGER],
};

export interface Judged {
  readonly reached: boolean;
  readonly line: string;
}

/** A figure that is absent is a target not reached: then nothing was shown. */
export function judgeTargets(scenario: ScenarioName, metrics: Summary): Judged[] {
  const late = figure(metrics, 'seatwire_k6_late_ms') ?? 0;
  return (TARGETS[scenario] ?? []).map(({ metric, about, within }) => {
    const p99 = figure(metrics, metric);
    const target = `target: ${about} within ${within} ms (p99)`;
    if (p99 === null) return { reached: false, line: `${target}: not measured` };
    if (p99 <= within) return { reached: true, line: `${target}: reached, ${p99} ms` };
    const own = `${p99} ms, while k6 itself was late by ${late} ms`;
    return p99 <= within + late
      ? { reached: true, line: `${target}: not refuted, ${own}: give k6 a machine of its own to know` }
      : { reached: false, line: `${target}: NOT reached, ${own}` };
  });
}

function figure(metrics: Summary, name: string): number | null {
  const p99 = metrics[name]?.['p(99)'];
  return typeof p99 === 'number' ? Math.round(p99 * 10) / 10 : null;
}
