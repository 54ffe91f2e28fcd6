/** Whether this process lives (/healthz) and whether it should get traffic (/readyz): not whether its stores answer, but whether seats would sell. */
import type { Logger } from 'pino';
import { within } from './deadline.ts';
import type { Service } from './service.ts';

/** One dependency. */
export interface Probe {
  readonly name: string;
  /** Without it seats do not sell, so the process is not ready. */
  readonly required: boolean;
  /** Resolves when it would do its part of a sale; rejects with why not. Settles by itself. */
  readonly ask: () => Promise<unknown>;
}

const DEADLINE_MS = 1_500;

export type ProbeState = 'ok' | 'failed' | 'timeout';

export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: Readonly<Record<string, ProbeState>>;
}

export interface HealthParts {
  readonly probes: readonly Probe[];
  /** Hears when a probe's state becomes another, and why: the answer itself is public and gives no reasons. */
  readonly log: Logger;
}

/** The last service of a process to start, and so the first to drain: ready in between. */
export class Health implements Service {
  readonly name = 'health';
  readonly #parts: HealthParts;
  /** Asked once, however many want to know: whoever may ask must not be able to load the stores. */
  readonly #underWay = new Map<string, Promise<ProbeState>>();
  readonly #states = new Map<string, ProbeState>();

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
    const sound = probes.every((probe, i) => !probe.required || states[i] === 'ok');
    return {
      ready: sound && this.#phase === 'started',
      draining: this.#phase === 'draining',
      checks,
    };
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
    if (state !== before) {
      const { log } = this.#parts;
      if (state === 'ok') log.info({ probe: probe.name }, 'does its part again');
      else log.warn({ probe: probe.name, state, err: why }, 'does not do its part');
    }
    return state;
  }
}
