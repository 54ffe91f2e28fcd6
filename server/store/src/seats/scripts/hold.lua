#!lua
-- hold: free to held, all or nothing, of places named. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 price revision 6 how many places
--      7 places (ascending csv) 8 their prices (csv) 9 the first of them when they are side by side, else ''
-- Returns 'ok <version> <hold> <record>' or 'no <code> [places]'.
-- include: lib/hold-one.lua
-- include: lib/named.lua
tick()
local MAP = KEYS[2]
local PLACES, PRICES, FIRST = ARGV[7], ARGV[8], ARGV[9]
return hold_one(KEYS, ARGV, function(rules, count, entry)
  local no, stale = take_named(MAP, rules, count, PLACES, FIRST, had(entry))
  return no, stale, PLACES, PRICES
end)
