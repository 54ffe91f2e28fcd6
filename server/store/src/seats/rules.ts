/** An event's rules as the scripts read them: nine little-endian doubles, so that one `struct.unpack` gives them all (0.3 us, not 2). */
import type { EventRules } from './seat-store.ts';

export function packRules(rules: EventRules): Buffer {
  const numbers = [
    rules.saleOpensAt,
    rules.saleClosesAt,
    rules.maxPerHold,
    rules.maxPerBuyer,
    rules.holdMs,
    rules.maxHoldMs,
    rules.payingMs,
    rules.priceRevision,
    rules.noOrphans ? 1 : 0,
  ];
  const packed = Buffer.alloc(numbers.length * 8);
  numbers.forEach((number, i) => {
    packed.writeDoubleLE(number, i * 8);
  });
  return packed;
}
