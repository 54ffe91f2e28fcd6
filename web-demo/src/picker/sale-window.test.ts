import { expect, test } from 'vitest';
import { saleWindow } from './sale-window.tsx';

test('[CB24] a sale is open from its opening on, and over at its close, as the server judges it', () => {
  const event = { saleOpensAt: '2026-12-02T03:28:00Z', saleClosesAt: '2026-12-05T19:00:00Z' };
  const at = (iso: string) => saleWindow(event, Date.parse(iso));
  expect(at('2026-12-02T03:27:59.999Z')).toBe('before');
  expect(at('2026-12-02T03:28:00.000Z')).toBe('open');
  expect(at('2026-12-05T18:59:59.999Z')).toBe('open');
  expect(at('2026-12-05T19:00:00.000Z')).toBe('ended');
});
