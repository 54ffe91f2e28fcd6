/**
 * An event's rules as the scripts read them: little-endian doubles and the currency, so that one `struct.unpack` gives them all
 * (0.4 us, where a field each would take 2).
 */
import type { EventRules } from './seat-store.ts';

/** In their order. `places`: how many the event has; rules that are set later keep it. */
const NUMBERS = [
  'saleOpensAt',
  'saleClosesAt',
  'maxPerHold',
  'maxPerBuyer',
  'holdMs',
  'maxHoldMs',
  'payingMs',
  'priceRevision',
  'noOrphans',
  'places',
] as const;
const PLACES_FIRST = NUMBERS.indexOf('places') * 8;

export function packRules(rules: EventRules, places = 0): Buffer {
  const values = { ...rules, noOrphans: rules.noOrphans ? 1 : 0, places };
  const packed = Buffer.alloc(NUMBERS.length * 8 + 3);
  for (const [i, name] of NUMBERS.entries()) packed.writeDoubleLE(values[name], i * 8);
  packed.write(rules.currency, NUMBERS.length * 8, 3, 'latin1');
  return packed;
}

/**
 * The scripts' include: `rules_of(packed)` gives a table of them by the same names. Those read last are kept, since an event's change
 * seldom: 0.4 us less.
 */
export const RULES_LUA = `
local PLACES_FIRST, PLACES_LAST = ${PLACES_FIRST + 1}, ${PLACES_FIRST + 8}
local rules_read, rules_kept = {}, 0
local function rules_of(packed)
  local known = rules_read[packed]
  if known then return known end
  if rules_kept == 1000 then rules_read, rules_kept = {}, 0 end
  local ${NUMBERS.join(', ')}, currency = struct.unpack('<${'d'.repeat(NUMBERS.length)}c3', packed)
  local rules = { ${[...NUMBERS, 'currency'].map((name) => `${name} = ${name}`).join(', ')} }
  rules_read[packed], rules_kept = rules, rules_kept + 1
  return rules
end
`;
