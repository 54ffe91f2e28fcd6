/** Sockets that hold places: each answer is followed by the next command (a closed loop), or commands leave at a pace. */
import type { BuyersReport, BuyersWish } from './crowd.ts';
import { type Dialect, newHeard, SOCKET_IO_PONG } from './dialect.ts';
import { DIALECTS } from './dialects.ts';
import { type Visitor, visit, visitAll } from './visit.ts';

const MOST_COMMANDS = 4_000_000;

export class Buyers {
  readonly #wish: BuyersWish;
  readonly #dialect: Dialect;
  readonly #visitors: Visitor[];
  readonly #sentAt = new Float64Array(MOST_COMMANDS);
  #latencies: number[] = [];
  #grantedAt: number[] = [];
  #next = 0;
  #first = 0;
  #underWay = 0;
  #granted = 0;
  #refused = 0;
  #running = false;
  #soldOut = false;
  #timer: NodeJS.Timeout | undefined;
  #idle: () => void = () => undefined;

  private constructor(wish: BuyersWish, visitors: Visitor[]) {
    this.#wish = wish;
    this.#dialect = DIALECTS[wish.dialect];
    this.#visitors = visitors;
    const heard = newHeard();
    for (const visitor of visitors) {
      visitor.listen((buffer, from, to) => {
        this.#dialect.read(buffer, from, to, heard);
        if (heard.kind === 'granted') this.#granted++;
        else if (heard.kind === 'refused') this.#refused++;
        else {
          if (heard.kind === 'ping') visitor.socket.write(SOCKET_IO_PONG);
          return;
        }
        this.#underWay--;
        if (heard.index >= this.#first) {
          this.#latencies.push(performance.now() - this.#sentAt[heard.index]!);
          if (heard.kind === 'granted' && heard.at > 0) this.#grantedAt.push(heard.at);
        }
        if (this.#running && 'depth' in wish.pace) this.#sendSoon(visitor);
        else if (this.#underWay === 0) this.#idle();
      });
    }
  }

  static async open(wish: BuyersWish, trouble: (why: string) => void): Promise<Buyers> {
    const dialect = DIALECTS[wish.dialect];
    const { urls, tokens } = wish;
    const visitors = await visitAll(tokens.length, (i) =>
      visit(dialect, urls[i % urls.length]!, tokens[i]!, null, trouble),
    );
    return new Buyers(wish, visitors);
  }

  start(): void {
    this.#latencies = [];
    this.#grantedAt = [];
    this.#first = this.#next;
    if (this.#running) return;
    this.#running = true;
    const { pace } = this.#wish;
    if ('depth' in pace) {
      for (const visitor of this.#visitors) {
        visitor.socket.cork();
        for (let i = 0; i < pace.depth; i++) this.#send(visitor);
        visitor.socket.uncork();
      }
      return;
    }
    const began = performance.now();
    const before = this.#next;
    this.#timer = setInterval(() => {
      const due = before + Math.floor(((performance.now() - began) / 1000) * pace.perSecond);
      while (this.#next < due && !this.#soldOut) {
        this.#send(this.#visitors[this.#next % this.#visitors.length]!);
      }
    }, 1);
  }

  async pause(): Promise<void> {
    this.#running = false;
    clearInterval(this.#timer);
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  counts() {
    return { granted: this.#granted, refused: this.#refused, frames: 0, bytes: 0 };
  }

  report(): BuyersReport {
    return { latencies: this.#latencies, grantedAt: this.#grantedAt, soldOut: this.#soldOut };
  }

  /** The answers that came in one read are followed by one write. */
  #sendSoon(visitor: Visitor): void {
    const { socket } = visitor;
    if (!this.#corked.has(visitor)) {
      this.#corked.add(visitor);
      socket.cork();
      queueMicrotask(() => {
        this.#corked.delete(visitor);
        socket.uncork();
      });
    }
    this.#send(visitor);
  }
  readonly #corked = new Set<Visitor>();

  #send(visitor: Visitor): void {
    const { events, placesPerHold, firstPlace, lastPlace } = this.#wish;
    const index = this.#next;
    const turn = Math.floor(index / events.length);
    const place = firstPlace + turn * placesPerHold;
    if (place + placesPerHold - 1 > lastPlace || index >= MOST_COMMANDS) {
      this.#soldOut = true;
      return;
    }
    this.#next++;
    this.#underWay++;
    const places = Array.from({ length: placesPerHold }, (_, i) => place + i);
    this.#sentAt[index] = performance.now();
    visitor.socket.write(this.#dialect.hold(index, events[index % events.length]!, places));
  }
}
