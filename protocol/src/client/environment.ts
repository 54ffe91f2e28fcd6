/** What the client needs of the world around it. All of it can be injected; a browser, Node >= 22 and k6 have it all as globals. */

/** As much of a WebSocket as is used: browsers', `ws`'s and k6's all fit. */
export interface Socket {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols: string) => Socket;

/** Runs `callback` after `ms`; the result cancels that. */
export type After = (ms: number, callback: () => void) => () => void;

export interface Environment {
  readonly WebSocket: SocketConstructor;
  /** Epoch ms, right or wrong, of a clock that only goes forward: nobody sets it while the client runs. */
  readonly now: () => number;
  /** 0 <= x < 1. Spreads reconnects; never used for ids. */
  readonly random: () => number;
  readonly after: After;
}

/** Fills in from the globals. Throws when no WebSocket is given and none is there (Node 20: pass `ws`). */
export function environment(given: Partial<Environment>): Environment {
  const WebSocket = given.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (WebSocket === undefined)
    throw new TypeError('no global WebSocket here: pass one, for example that of `ws`');
  return {
    WebSocket,
    now: given.now ?? steadyNow,
    random: given.random ?? Math.random,
    after: given.after ?? afterGlobally,
  };
}

/** The machine's clock as it was at the start, and what has passed since. k6 has no `performance`. */
function steadyNow(): number {
  const { performance } = globalThis as { performance?: { timeOrigin: number; now(): number } };
  return performance ? performance.timeOrigin + performance.now() : Date.now();
}

// A longer delay than 2^31 - 1 ms fires at once in browsers and Node.
const LONGEST_MS = 2 ** 31 - 1;

function afterGlobally(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, Math.min(ms, LONGEST_MS));
  return () => clearTimeout(timer);
}
