/** A part of the worker with a life of its own. main.ts starts them in order and ends them in reverse. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Takes no new work and finishes what is in hand. */
  drain(): Promise<void>;
  /** Lets go of what it holds; called after `drain`. */
  stop(): Promise<void>;
}
