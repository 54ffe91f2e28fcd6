/**
 * Whether this process lives (/healthz) and whether it should get traffic (/readyz): not whether its stores answer, but whether it would do
 * what it is for. A balancer asks all processes of a kind, and they all stand on the same stores: one that could still do most of its work
 * without a store says so, rather than be taken out together with all the others.
 */
import type { Logger } from 'pino';
import { within } from './deadline.ts';
import type { Service } from './service.ts';

/** One dependency. */
export interface Probe {
  readonly name: string;
  /** Without it the process is not ready. `at first`: until it has done its part once; when it is lost later, the process is degraded. */
  readonly required: boolean | 'at first';
  /** Resolves when it would do its part of a sale; rejects with why not. Settles by itself. */
  readonly ask: () => Promise<unknown>;
}

/** Something of the process itself that only a new process can mend. */
export interface Vital {
  readonly name: string;
  /** What is wrong with it; null while all is well. */
  readonly ask: () => string | null;
}

const DEADLINE_MS = 1_500;

export type ProbeState = 'ok' | 'failed' | 'timeout';

export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: Readonly<Record<string, ProbeState>>;
  /** Ready all the same; what needs these is refused meanwhile. */
  readonly degraded: readonly string[];
}

export interface Life {
  readonly alive: boolean;
  /** The vitals that are not well. */
  readonly lost: readonly string[];
}

export interface HealthParts {
  readonly probes: readonly Probe[];
  readonly vitals?: readonly Vital[];
  /** Hears when a probe's state becomes another, and why: the answer itself is public and gives no reasons. */
  readonly log: Logger;
}

/** The last service of a process to start, and so the first to drain: ready in between. */
export class Health implements Service {
  readonly name = 'health';
  readonly #parts: HealthParts;
  /** Asked once, however many callers wait: callers must not be able to load the stores. */
  readonly #underWay = new Map<string, Promise<ProbeState>>();
  readonly #states = new Map<string, ProbeState>();
  /** Have done their part once. */
  readonly #proven = new Set<string>();
  readonly #lost = new Set<string>();

  #phase: 'starting' | 'started' | 'draining' = 'starting';

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#phase = 'started';
  }

  async drain(): Promise<void> {
    this.#phase = 'draining';
  }

  async stop(): Promise<void> {}

  async readiness(): Promise<Readiness> {
    const { probes } = this.#parts;
    const states = await Promise.all(probes.map((probe) => this.#stateOf(probe)));
    const checks = Object.fromEntries(probes.map((probe, i) => [probe.name, states[i]!]));
    const failing = probes.filter((_, i) => states[i] !== 'ok');
    const needed = failing.filter(
      ({ name, required }) => required === true || (required === 'at first' && !this.#proven.has(name)),
    );
    const ready = needed.length === 0 && this.#phase === 'started';
    return {
      ready,
      draining: this.#phase === 'draining',
      checks,
      degraded: ready ? failing.map(({ name }) => name) : [],
    };
  }

  life(): Life {
    const { vitals = [], log } = this.#parts;
    for (const { name, ask } of vitals) {
      const why = ask();
      if (why === null) this.#lost.delete(name);
      else if (!this.#lost.has(name)) {
        this.#lost.add(name);
        log.error({ vital: name, why }, 'only a new process can mend this');
      }
    }
    return { alive: this.#lost.size === 0, lost: [...this.#lost] };
  }

  #stateOf(probe: Probe): Promise<ProbeState> {
    return within(DEADLINE_MS, this.#ask(probe), () =>
      this.#note(probe, 'timeout', `no answer within ${DEADLINE_MS} ms`),
    );
  }

  #ask(probe: Probe): Promise<ProbeState> {
    const underWay = this.#underWay.get(probe.name);
    if (underWay) return underWay;
    const asked = Promise.resolve()
      .then(probe.ask)
      .then(
        () => this.#note(probe, 'ok', null),
        (error: unknown) => this.#note(probe, 'failed', error),
      )
      .finally(() => this.#underWay.delete(probe.name));
    this.#underWay.set(probe.name, asked);
    return asked;
  }

  #note(probe: Probe, state: ProbeState, why: unknown): ProbeState {
    const before = this.#states.get(probe.name) ?? 'ok';
    this.#states.set(probe.name, state);
    if (state === 'ok') this.#proven.add(probe.name);
    if (state !== before) {
      const { log } = this.#parts;
      if (state === 'ok') log.info({ probe: probe.name }, 'does its part again');
      else log.warn({ probe: probe.name, state, err: why }, 'does not do its part');
    }
    return state;
  }
}
