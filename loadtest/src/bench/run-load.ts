/** One run: viewers join, buyers hold for a while, and what happened in a window of it. The same for every service. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BuyersReport,
  Crowd,
  type CrowdMark,
  type DialectName,
  type ViewersReport,
} from './client/crowd.ts';
import { cpuOf } from './process-cpu.ts';

export interface Service {
  readonly dialect: DialectName;
  readonly urls: readonly string[];
  /** Whose CPU counts as the service's. */
  readonly pids: readonly number[];
  readonly tokens: readonly (string | null)[];
}

export interface LoadWish {
  readonly events: readonly string[];
  /** Of each event. */
  readonly places: number;
  readonly placesPerHold: number;
  readonly viewers: number;
  readonly pace: { readonly depth: number } | { readonly perSecond: number };
  readonly warmUpMs: number;
  readonly windowMs: number;
  readonly timing?: boolean;
  /**
   * The share of commands that may be refused; none if left out. A closed loop on a machine that stands still for half a second meets
   * `overloaded`.
   */
  readonly mayRefuse?: number;
}

export interface LoadOutcome {
  readonly grantedPerSecond: number;
  /** From the first command on, not only within the window. */
  readonly granted: number;
  readonly refused: number;
  /** Frames of changes that all viewers got, a second. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Of one core, 1 is all of it. */
  readonly cpu: { readonly service: number; readonly buyers: number; readonly viewers: number };
  readonly buyers: BuyersReport;
  readonly viewers: ViewersReport | null;
}

/** CPU of a hold, all servers together, its way to all viewers included, us. */
export function serverUsPerHold({ cpu, grantedPerSecond }: LoadOutcome): number {
  return (cpu.service * 1e6) / grantedPerSecond;
}

/** Long enough for the last tick to have reached the last viewer; on a busy machine it is asked again for so long. */
const SETTLE_MS = 500;
const SETTLE_WITHIN_MS = 15_000;

/** Throws when more commands were refused than may be, or places ran out: the run then says nothing. */
export async function runLoad(service: Service, wish: LoadWish): Promise<LoadOutcome> {
  const { dialect, urls, tokens } = service;
  const { events, pace, placesPerHold, places } = wish;
  const crowds: Crowd[] = [];
  try {
    const viewers =
      wish.viewers === 0
        ? null
        : await Crowd.open({
            kind: 'viewers',
            dialect,
            urls,
            events,
            sockets: wish.viewers,
            timing: wish.timing ?? false,
          });
    if (viewers) crowds.push(viewers);
    const buyers = await Crowd.open({
      kind: 'buyers',
      dialect,
      urls,
      events,
      tokens,
      placesPerHold,
      firstPlace: 0,
      lastPlace: places - 1,
      pace,
    });
    crowds.push(buyers);
    await buyers.start();
    await sleep(wish.warmUpMs);
    // Only what is sent from here on counts among the latencies.
    await buyers.start();
    const before = await marks(service, buyers, viewers);
    await sleep(wish.windowMs);
    const after = await marks(service, buyers, viewers);
    const { refused } = after.buyers;
    // A peer's backlog may take minutes to be answered, and says nothing more.
    const finish = dialect === 'seatwire' || 'perSecond' in pace;
    if (finish) await buyers.pause();
    const report = await buyers.buyers();
    if (finish) await sleep(SETTLE_MS);
    const granted = (await buyers.mark()).granted;
    let seen = (await viewers?.viewers()) ?? null;
    if (dialect === 'seatwire' && viewers && events.length === 1) {
      const heard = () => seen!.reached - seen!.joinedAt;
      for (let waited = 0; heard() < granted && waited < SETTLE_WITHIN_MS; waited += SETTLE_MS) {
        await sleep(SETTLE_MS);
        seen = await viewers.viewers();
      }
      // What was refused as `unavailable` may have been carried out all the same.
      if (heard() < granted || (refused === 0 && heard() > granted))
        throw new Error(`${granted} holds were granted, a viewer heard of ${heard()}`);
    }
    if (refused > (wish.mayRefuse ?? 0) * (refused + granted))
      throw new Error(`${dialect}: ${refused} holds were refused, ${granted} granted`);
    if (report.soldOut) throw new Error(`${dialect}: sold out before the end of the run`);
    const ms = after.buyers.at - before.buyers.at;
    const perSecond = (of: (mark: CrowdMark) => number, kind: 'buyers' | 'viewers') =>
      ((of(after[kind]) - of(before[kind])) * 1000) / ms;
    return {
      grantedPerSecond: perSecond((mark) => mark.granted, 'buyers'),
      granted,
      refused,
      framesPerSecond: perSecond((mark) => mark.frames, 'viewers'),
      bytesPerSecond: perSecond((mark) => mark.bytes, 'viewers'),
      cpu: {
        service: (after.service - before.service) / ms,
        buyers: perSecond((mark) => mark.cpu, 'buyers') / 1000,
        viewers: perSecond((mark) => mark.cpu, 'viewers') / 1000,
      },
      buyers: report,
      viewers: seen,
    };
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.close()));
  }
}

const NOBODY: CrowdMark = { at: 0, cpu: 0, granted: 0, refused: 0, frames: 0, bytes: 0 };

async function marks(service: Service, buyers: Crowd, viewers: Crowd | null) {
  const [ofBuyers, ofViewers] = await Promise.all([buyers.mark(), viewers?.mark() ?? NOBODY]);
  const cpu = service.pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  return { buyers: ofBuyers, viewers: ofViewers, service: cpu };
}
