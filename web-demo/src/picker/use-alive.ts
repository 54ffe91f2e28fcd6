import { useMemo } from 'preact/hooks';
import type { Hold } from '../sale/sale-state.ts';
import { nextOf } from '../time/follow.ts';
import { useServerNow } from '../time/now.ts';

/** Holds whose time is not up, by the server's clock; without a line nobody else says when it is. */
export function useAlive(holds: readonly Hold[]): readonly Hold[] {
  const ends = holds.map(({ expiresAt }) => expiresAt);
  const now = useServerNow((at) => nextOf(ends, at), [holds]);
  const count = holds.filter(({ expiresAt }) => expiresAt > now).length;
  return useMemo(() => holds.filter(({ expiresAt }) => expiresAt > now), [holds, count]);
}
