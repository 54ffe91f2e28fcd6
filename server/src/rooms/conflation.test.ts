import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Conflation } from './conflation.ts';

beforeEach(() =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'queueMicrotask'] }),
);
afterEach(() => vi.useRealTimers());

describe('Conflation', () => {
  test('Conflation flushes at once when idle, in one piece for all that came together', () => {
    const flush = vi.fn();
    const conflation = new Conflation(flush, 20);
    conflation.touch();
    conflation.touch();
    expect(flush).not.toHaveBeenCalled();
    vi.runAllTicks();
    expect(flush).toHaveBeenCalledTimes(1);
  });

  test('Conflation flushes once a tick when busy, and not more often', () => {
    const flush = vi.fn();
    const conflation = new Conflation(flush, 20);
    for (let ms = 0; ms < 200; ms++) {
      conflation.touch();
      vi.runAllTicks();
      vi.advanceTimersByTime(1);
    }
    expect(flush.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(flush.mock.calls.length).toBeLessThanOrEqual(11);
  });

  test('Conflation is idle again a tick after the last flush', () => {
    const flush = vi.fn();
    const conflation = new Conflation(flush, 20);
    conflation.touch();
    vi.runAllTicks();
    vi.advanceTimersByTime(20);
    conflation.touch();
    vi.runAllTicks();
    expect(flush).toHaveBeenCalledTimes(2);
  });

  test('Conflation flushes nothing that was flushed early, and nothing once stopped', () => {
    const flush = vi.fn();
    const conflation = new Conflation(flush, 20);
    conflation.touch();
    conflation.flushNow();
    vi.runAllTicks();
    expect(flush).toHaveBeenCalledTimes(1);
    conflation.touch();
    conflation.stop();
    vi.advanceTimersByTime(100);
    expect(flush).toHaveBeenCalledTimes(1);
  });
});
