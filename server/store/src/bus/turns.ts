/**
 * Shares repeated work among workers: who takes the turn does it, the others find it taken until it lapses. Nobody gives one
 * back, so there is none to give back wrongly. A turn only saves work: what is done in it must bear being done twice.
 */
import type { Cluster, Redis } from 'ioredis';
import { turn } from './keys.ts';

/** `holder` is kept for whoever debugs. */
export async function takeTurn(
  redis: Redis | Cluster,
  work: string,
  holder: string,
  lapsesMs: number,
): Promise<boolean> {
  return (await redis.set(turn(work), holder, 'PX', lapsesMs, 'NX')) === 'OK';
}
