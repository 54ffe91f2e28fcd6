/**
 * Several serving processes on one port. The kernel spreads connections over them (SO_REUSEPORT); they share only the stores.
 * One that dies is started again, after a pause that doubles while it keeps dying. The first to be ready settles the port, so that
 * port 0 works too.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';

/** A child to its supervisor, once it listens. */
export interface Listening {
  readonly listening: number;
}

export interface SupervisorParts {
  readonly program: string;
  readonly args: readonly string[];
  readonly processes: number;
  readonly port: number;
  /** After this long asked to stop, a child is killed. */
  readonly stopWithinMs: number;
  readonly log: Logger;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A child that lived this long has proved that it can. */
const STEADY_MS = 30_000;

export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #children = new Map<number, ChildProcess>();
  readonly #kept: Promise<void>[] = [];
  #stopping = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** Resolves with the port once all listen. Throws when the first cannot start. */
  async start(): Promise<number> {
    const first = await this.#fork(0, this.#parts.port);
    if (first === null) {
      const { exitCode, signalCode } = this.#children.get(0)!;
      throw new Error(
        `the first process ended (${signalCode ?? exitCode}) before it listened; its log says why`,
      );
    }
    this.#kept.push(this.#keep(0, first));
    const rest = Array.from({ length: this.#parts.processes - 1 }, async (_, i) => {
      const port = await this.#fork(i + 1, first);
      this.#kept.push(this.#keep(i + 1, first));
      return port;
    });
    await Promise.all(rest);
    return first;
  }

  get pids(): readonly number[] {
    return Array.from(this.#children.values(), (child) => child.pid!);
  }

  /** Every child drains; those that do not end in time are killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const child of this.#children.values()) child.kill('SIGTERM');
    const late = setTimeout(() => this.kill(), this.#parts.stopWithinMs);
    await Promise.all(this.#kept);
    clearTimeout(late);
  }

  kill(): void {
    for (const child of this.#children.values()) child.kill('SIGKILL');
  }

  /** Starts child `slot` again whenever it ends. */
  async #keep(slot: number, port: number): Promise<void> {
    let wait = FIRST_PAUSE_MS;
    while (!this.#stopping) {
      const since = Date.now();
      const child = this.#children.get(slot);
      if (child) await ended(child);
      this.#children.delete(slot);
      if (this.#stopping) return;
      if (Date.now() - since > STEADY_MS) wait = FIRST_PAUSE_MS;
      const how = child?.signalCode ?? child?.exitCode;
      this.#parts.log.error({ slot, pid: child?.pid, how, againAfterMs: wait }, 'a process ended by itself');
      await pause(wait);
      wait = Math.min(2 * wait, LONGEST_PAUSE_MS);
      if (!this.#stopping) await this.#fork(slot, port);
    }
  }

  /** The port it listens on; null when it ended before. */
  #fork(slot: number, port: number): Promise<number | null> {
    const args = [...this.#parts.args, '--processes', '1', '--share-port', 'true', '--port', String(port)];
    const child = fork(this.#parts.program, args);
    this.#children.set(slot, child);
    return new Promise((resolve) => {
      child.once('message', (message) => resolve((message as Listening).listening));
      child.once('exit', () => resolve(null));
    });
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
