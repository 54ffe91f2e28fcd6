/**
 * A crowd of sockets in a process of its own: viewers who join a room and listen, or buyers who hold places. The process that measures
 * tells it what to do, and asks it for its counts at the two ends of a window.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type DialectName = 'seatwire' | 'socket.io' | 'echo' | 'sink';

export interface ViewersWish {
  readonly kind: 'viewers';
  readonly dialect: DialectName;
  readonly urls: readonly string[];
  /** Viewers are spread over them. */
  readonly events: readonly string[];
  readonly sockets: number;
  /** Remember when the last of the viewers reached each version. */
  readonly timing: boolean;
}

export interface BuyersWish {
  readonly kind: 'buyers';
  readonly dialect: DialectName;
  readonly urls: readonly string[];
  /** Commands go to them in turn. */
  readonly events: readonly string[];
  /** One socket each; nulls where the service asks for none. */
  readonly tokens: readonly (string | null)[];
  readonly placesPerHold: number;
  /** Of each event: never held twice, so a refusal is a fault. */
  readonly firstPlace: number;
  readonly lastPlace: number;
  /** Commands under way at once on one socket, or commands a second of all together. */
  readonly pace: { readonly depth: number } | { readonly perSecond: number };
}

export type CrowdWish = ViewersWish | BuyersWish;

/** Counts since the start, at a time of the machine's monotonic clock. */
export interface CrowdMark {
  /** ms */
  readonly at: number;
  /** ms of this process's CPU */
  readonly cpu: number;
  readonly granted: number;
  readonly refused: number;
  /** Frames that tell of changes, all viewers together. */
  readonly frames: number;
  readonly bytes: number;
}

export interface BuyersReport {
  /** ms from sending to the answer, of commands sent since the last `start`. */
  readonly latencies: readonly number[];
  /** When the store granted each, us since the epoch; empty where it does not tell. */
  readonly grantedAt: readonly number[];
  /** Places ran out before the end. */
  readonly soldOut: boolean;
}

export interface ViewersReport {
  /** Frames that tell of changes: of the viewer that got least, and most. */
  readonly fewest: number;
  readonly most: number;
  /** The version of the map that was joined, and the least version any viewer reached. */
  readonly joinedAt: number;
  readonly reached: number;
  /** For each version told: when its last viewer heard it, us since the epoch, and how many did. */
  readonly heard: readonly (readonly [version: number, last: number, viewers: number])[];
}

export type ToCrowd =
  | { readonly do: 'open'; readonly wish: CrowdWish }
  | { readonly do: 'start' | 'mark' | 'pause' | 'report' };
export type FromCrowd =
  | { readonly said: 'open'; readonly tookMs: number }
  | { readonly said: 'started' }
  | { readonly said: 'paused' }
  | ({ readonly said: 'mark' } & CrowdMark)
  | ({ readonly said: 'report' } & {
      readonly buyers: BuyersReport | null;
      readonly viewers: ViewersReport | null;
    })
  | { readonly said: 'trouble'; readonly why: string };

/** From dist, or from the sources in tests. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const PROGRAM = new URL(`./crowd-program.${FROM_SOURCE ? 'ts' : 'js'}`, import.meta.url);
const EXEC_ARGV = FROM_SOURCE ? ['--conditions=@seatwire/source', '--import', 'tsx'] : [];

const ANSWER_WITHIN_MS = 60_000;

export class CrowdTrouble extends Error {
  override readonly name = 'CrowdTrouble';
}

export class Crowd {
  readonly #child: ChildProcess;
  readonly #wish: CrowdWish;
  /** ms from the first connect to the last answer to its join. */
  openedInMs = 0;

  private constructor(wish: CrowdWish) {
    this.#wish = wish;
    this.#child = fork(fileURLToPath(PROGRAM), [], { serialization: 'advanced', execArgv: EXEC_ARGV });
  }

  /** Resolves when every socket is connected, and every viewer has joined. Throws `CrowdTrouble`. */
  static async open(wish: CrowdWish): Promise<Crowd> {
    const crowd = new Crowd(wish);
    try {
      const { tookMs } = await crowd.#ask({ do: 'open', wish }, 'open');
      crowd.openedInMs = tookMs;
      return crowd;
    } catch (error) {
      await crowd.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Buyers begin; what was measured so far is forgotten. */
  async start(): Promise<void> {
    await this.#ask({ do: 'start' }, 'started');
  }
  mark(): Promise<CrowdMark> {
    return this.#ask({ do: 'mark' }, 'mark');
  }
  /** Buyers send nothing more; resolves when all that is under way was answered. */
  async pause(): Promise<void> {
    await this.#ask({ do: 'pause' }, 'paused');
  }
  async buyers(): Promise<BuyersReport> {
    return (await this.#ask({ do: 'report' }, 'report')).buyers!;
  }
  async viewers(): Promise<ViewersReport> {
    return (await this.#ask({ do: 'report' }, 'report')).viewers!;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #ask<K extends FromCrowd['said']>(
    question: ToCrowd,
    wanted: K,
  ): Promise<Extract<FromCrowd, { readonly said: K }>> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#child.off('message', hear);
        this.#child.off('exit', exit);
        act();
      };
      const fail = (why: string) =>
        settle(() => reject(new CrowdTrouble(`${this.#wish.kind} of ${this.#wish.dialect}: ${why}`)));
      const hear = (message: unknown): void => {
        const answer = message as FromCrowd;
        if (answer.said === 'trouble') fail(answer.why);
        else if (answer.said === wanted)
          settle(() => resolve(answer as Extract<FromCrowd, { readonly said: K }>));
      };
      const exit = () => fail('the process ended');
      const timer = setTimeout(() => fail(`no answer to ${question.do}`), ANSWER_WITHIN_MS);
      this.#child.on('message', hear);
      this.#child.once('exit', exit);
      this.#child.send(question);
    });
  }
}
