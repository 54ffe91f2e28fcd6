import { EventEmitter } from 'node:events';
import { LINE_BACK } from '@seatwire/store';
import { expect, test, vi } from 'vitest';
import { MissedOrders } from './missed-orders.ts';

const asked = vi.hoisted(() => ({ ms: [] as number[], fail: null as ((error: Error) => void) | null }));
vi.mock('@seatwire/store', async (original) => ({
  ...(await original<object>()),
  resubscribed: async () => {},
  messagesOfWritten: (_db: unknown, _users: unknown, ms: number) => {
    asked.ms.push(ms);
    if (asked.ms.length > 1) return Promise.resolve([]);
    return new Promise((_, reject) => {
      asked.fail = reject;
    });
  },
}));

test('[CF3] a line that dies again while the ledger is read in vain shortens nothing of what is read next', async () => {
  const bus = new EventEmitter();
  const missed = new MissedOrders({
    db: {} as never,
    bus: bus as never,
    users: () => [],
    tell: () => undefined,
    failed: () => undefined,
  });
  missed.start();
  bus.emit(LINE_BACK, 600_000);
  await vi.waitUntil(() => asked.fail !== null);
  bus.emit(LINE_BACK, 2_000);
  asked.fail!(new Error('the ledger does not answer'));
  await vi.waitUntil(() => asked.ms.length > 1, { timeout: 10_000 });
  missed.stop();
  expect(asked.ms[1]).toBeGreaterThan(600_000);
});
