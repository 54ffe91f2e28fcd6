/** Sockets that joined a room and listen: they count what they hear, and when the last of them heard it. */
import type { ViewersReport, ViewersWish } from './crowd.ts';
import { newHeard, SOCKET_IO_PONG } from './dialect.ts';
import { DIALECTS } from './dialects.ts';
import { type Visitor, visit, visitAll } from './visit.ts';

export class Viewers {
  readonly #visitors: Visitor[];
  readonly #frames: Uint32Array;
  readonly #versions: Float64Array;
  readonly #told = new Map<number, { last: number; viewers: number }>();
  #total = 0;

  private constructor(visitors: Visitor[], wish: ViewersWish) {
    this.#visitors = visitors;
    this.#frames = new Uint32Array(visitors.length);
    this.#versions = Float64Array.from(visitors, ({ version }) => version);
    const dialect = DIALECTS[wish.dialect];
    const heard = newHeard();
    visitors.forEach(({ socket, listen }, i) => {
      listen((buffer, from, to) => {
        dialect.read(buffer, from, to, heard);
        if (heard.kind === 'ping') socket.write(SOCKET_IO_PONG);
        if (heard.kind !== 'change') return;
        this.#total++;
        this.#frames[i]!++;
        this.#versions[i] = heard.version;
        if (wish.timing) this.#note(heard.version);
      });
    });
  }

  static async open(wish: ViewersWish, trouble: (why: string) => void): Promise<Viewers> {
    const dialect = DIALECTS[wish.dialect];
    const { urls, events, sockets } = wish;
    const visitors = await visitAll(sockets, (i) =>
      visit(dialect, urls[i % urls.length]!, null, events[i % events.length]!, trouble),
    );
    return new Viewers(visitors, wish);
  }

  start(): void {
    this.#told.clear();
  }
  async pause(): Promise<void> {}

  counts() {
    const bytes = this.#visitors.reduce((sum, { socket }) => sum + socket.bytes, 0);
    return { granted: 0, refused: 0, frames: this.#total, bytes };
  }

  report(): ViewersReport {
    return {
      fewest: this.#frames.reduce((least, n) => Math.min(least, n), Number.POSITIVE_INFINITY),
      most: this.#frames.reduce((most, n) => Math.max(most, n), 0),
      joinedAt: this.#visitors[0]?.version ?? 0,
      reached: this.#versions.reduce((least, n) => Math.min(least, n), Number.POSITIVE_INFINITY),
      heard: Array.from(this.#told, ([version, { last, viewers }]) => [version, last, viewers] as const),
    };
  }

  #note(version: number): void {
    const last = (performance.timeOrigin + performance.now()) * 1000;
    const told = this.#told.get(version);
    if (told === undefined) this.#told.set(version, { last, viewers: 1 });
    else {
      told.last = last;
      told.viewers++;
    }
  }
}
