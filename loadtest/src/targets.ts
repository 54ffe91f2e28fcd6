/**
 * The design's targets, where they can be seen from outside, judged by k6's summary. Each true time lies between two that k6 can
 * measure, one that begins too late and one that begins too early; and k6 shares a machine with what it loads more often than not,
 * and is then late itself. So there are three answers: met, when even the longer time is short enough; missed, when the shorter is
 * too long by more than k6's own timers were late (p99); else it cannot be told from here, and that is said, never `met`.
 */
import type { ScenarioName } from './config.ts';
import type { Summary } from './flatness.ts';

interface Target {
  readonly about: string;
  /** p99, ms. */
  readonly within: number;
  /** Begins when the generator heard of it, a trip after it happened. */
  readonly atLeast: string;
  /** Begins when the generator asked for it, a trip before it happened. */
  readonly atMost: string;
}

/** A tick (20 ms) and 10 ms more. */
const DIFFS: Target = {
  about: 'a change reaches viewers',
  within: 30,
  atLeast: 'seatwire_diff_age_ms',
  atMost: 'seatwire_hold_to_viewer_ms',
};
const LEDGER: Target = {
  about: 'accepted is confirmed',
  within: 250,
  atLeast: 'seatwire_confirmed_lag_ms',
  atMost: 'seatwire_confirm_ms',
};
const TARGETS: Readonly<Partial<Record<ScenarioName, readonly Target[]>>> = {
  browse: [DIFFS],
  'fan-out': [DIFFS],
  'slow-consumer': [DIFFS],
  purchase: [LEDGER],
};

export interface Judged {
  readonly standing: 'met' | 'missed' | 'not measurable';
  readonly line: string;
}

/** A figure that is absent is a target missed: the scenario was to show it. */
export function judgeTargets(scenario: ScenarioName, metrics: Summary): Judged[] {
  const late = figure(metrics, 'seatwire_k6_late_ms') ?? 0;
  return (TARGETS[scenario] ?? []).map(({ about, within, atLeast, atMost }) => {
    const [least, most] = [figure(metrics, atLeast), figure(metrics, atMost)];
    const judged = (standing: Judged['standing'], figures: string): Judged => ({
      standing,
      line: `target: ${about} within ${within} ms (p99): ${standing}${figures}`,
    });
    if (least === null || most === null) return judged('missed', ', since nothing was measured');
    if (most <= within) return judged('met', `, at most ${most} ms`);
    const between = `between ${least} and ${most} ms`;
    if (least > within + late) return judged('missed', `, ${between}, k6 itself late by ${late} ms`);
    return judged(
      'not measurable',
      ` here, ${between}, k6 itself late by ${late} ms: give it a machine of its own near the server, or share the sockets among more generators (--part)`,
    );
  });
}

function figure(metrics: Summary, name: string): number | null {
  const p99 = metrics[name]?.['p(99)'];
  return typeof p99 === 'number' ? Math.round(p99 * 10) / 10 : null;
}
