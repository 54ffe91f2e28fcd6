/**
 * Notices a dead connection. Pings are invisible to a browser's script, so silence is broken by asking: after one heartbeat
 * without a message the server is probed, and only a probe unanswered for another heartbeat means dead. A tab whose timers were
 * throttled, or a machine that slept, thus asks before it gives up.
 */
import type { Environment } from './environment.ts';

export class Heartbeat {
  readonly #env: Environment;
  readonly #probe: () => void;
  readonly #dead: () => void;
  #everyMs = 0;
  #heardAt = 0;
  #probing = false;
  #cancel: () => void = () => {};

  constructor(env: Environment, on: { readonly probe: () => void; readonly dead: () => void }) {
    this.#env = env;
    this.#probe = on.probe;
    this.#dead = on.dead;
  }

  start(everyMs: number): void {
    this.#everyMs = Math.max(1000, everyMs);
    this.heard();
    this.#arm(this.#everyMs);
  }

  stop(): void {
    this.#cancel();
  }

  /** A message has come. */
  heard(): void {
    this.#heardAt = this.#env.now();
    this.#probing = false;
  }

  #arm(ms: number): void {
    this.#cancel();
    this.#cancel = this.#env.after(ms, () => this.#check());
  }

  #check(): void {
    const silentMs = this.#env.now() - this.#heardAt;
    if (this.#probing) {
      this.#dead();
    } else if (silentMs >= 0 && silentMs < this.#everyMs) {
      this.#arm(this.#everyMs - silentMs);
    } else {
      // Silent for a heartbeat, or the clock was set back and nobody knows.
      this.#probing = true;
      this.#arm(this.#everyMs);
      this.#probe();
    }
  }
}
