/**
 * Notices a dead connection. Pings are invisible to a browser's script, so silence is broken by asking.
 *
 * As the server pings (the default): probed after one heartbeat without a message, dead when that stays unanswered for another.
 * With `silenceMs`: probed after half of it, in doubt after the whole, dead after twice as long. Doubt is what is shown; to
 * give up as early would make every client of a server that stalls for a moment come back at once.
 * After `checkNow`: probed at once, dead after 3 s. A tab whose timers were throttled, or a machine that slept, thus asks before
 * it gives up.
 */
import type { Environment } from './environment.ts';

/** How long an answer is waited for by somebody who has just come back to the page. */
export const WAKING_MS = 3_000;

export interface HeartbeatHandlers {
  probe(): void;
  /** The line is in doubt, or no longer so. */
  doubt(doubtful: boolean): void;
  /** `waking`: `checkNow` had asked. */
  dead(waking: boolean): void;
}

type Stage = 'sure' | 'asked' | 'doubtful' | 'waking';

export class Heartbeat {
  readonly #env: Environment;
  readonly #on: HeartbeatHandlers;
  #pingMs = 0;
  #silenceMs: number | null = null;
  #heardAt = 0;
  #stage: Stage = 'sure';
  #doubtful = false;
  #running = false;
  #cancel: () => void = () => {};

  constructor(env: Environment, on: HeartbeatHandlers) {
    this.#env = env;
    this.#on = on;
  }

  get doubtful(): boolean {
    return this.#doubtful;
  }

  start(everyMs: number): void {
    this.#pingMs = Math.max(1000, everyMs);
    this.#running = true;
    this.heard();
    this.#arm(this.#probeAfter);
  }

  stop(): void {
    this.#running = false;
    this.#doubtful = false;
    this.#cancel();
  }

  /** ms of silence at which the line is in doubt; null: as the server pings. */
  set silenceMs(ms: number | null) {
    this.#silenceMs = ms;
    if (this.#running && this.#stage === 'sure') this.#check();
  }

  /** A message has come. */
  heard(): void {
    this.#heardAt = this.#env.now();
    this.#stage = 'sure';
    this.#doubt(false);
  }

  /** Asks now, and believes in 3 s of silence. `doubtful`: there is reason not to believe in the line until then. */
  checkNow(doubtful: boolean): void {
    if (!this.#running) return;
    if (doubtful) this.#doubt(true);
    if (this.#stage === 'waking') return;
    this.#stage = 'waking';
    this.#arm(WAKING_MS);
    this.#on.probe();
  }

  get #probeAfter(): number {
    return this.#silenceMs === null ? this.#pingMs : this.#silenceMs / 2;
  }

  #arm(ms: number): void {
    this.#cancel();
    this.#cancel = this.#env.after(ms, () => this.#check());
  }

  #doubt(doubtful: boolean): void {
    if (doubtful === this.#doubtful) return;
    this.#doubtful = doubtful;
    this.#on.doubt(doubtful);
  }

  #check(): void {
    const silentMs = this.#env.now() - this.#heardAt;
    if (this.#stage === 'waking' || this.#stage === 'doubtful') {
      this.#on.dead(this.#stage === 'waking');
    } else if (this.#stage === 'asked' && this.#silenceMs === null) {
      this.#on.dead(false);
    } else if (this.#stage === 'asked' && this.#silenceMs !== null) {
      this.#stage = 'doubtful';
      this.#arm(this.#silenceMs);
      this.#doubt(true);
    } else if (silentMs >= 0 && silentMs < this.#probeAfter) {
      this.#arm(this.#probeAfter - silentMs);
    } else {
      this.#stage = 'asked';
      this.#arm(this.#probeAfter);
      this.#on.probe();
    }
  }
}
