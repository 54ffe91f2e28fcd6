/** Whether this process lives (/healthz) and whether it should get traffic (/readyz): not whether its stores answer, but whether seats would sell. */

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

export interface HealthOptions {
  readonly probes: readonly Probe[];
  readonly draining: () => boolean;
  /** A probe's state is another than before: for the log, since the answer is public and says no reasons. */
  readonly changed: (probe: string, state: ProbeState, why: unknown) => void;
}

export class Health {
  readonly #o: HealthOptions;
  /** Asked once, however many want to know: whoever may ask must not be able to load the stores. */
  readonly #underWay = new Map<string, Promise<ProbeState>>();
  readonly #states = new Map<string, ProbeState>();

  constructor(options: HealthOptions) {
    this.#o = options;
  }

  async readiness(): Promise<Readiness> {
    const { probes } = this.#o;
    const states = await Promise.all(probes.map((probe) => this.#stateOf(probe)));
    const checks = Object.fromEntries(probes.map((probe, i) => [probe.name, states[i]!]));
    const sound = probes.every((probe, i) => !probe.required || states[i] === 'ok');
    const draining = this.#o.draining();
    return { ready: sound && !draining, draining, checks };
  }

  #stateOf(probe: Probe): Promise<ProbeState> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ProbeState>((resolve) => {
      timer = setTimeout(() => {
        this.#note(probe, 'timeout', `no answer within ${DEADLINE_MS} ms`);
        resolve('timeout');
      }, DEADLINE_MS);
    });
    return Promise.race([this.#ask(probe), late]).finally(() => clearTimeout(timer));
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
    if (state !== before) this.#o.changed(probe.name, state, why);
    return state;
  }
}
