#!lua
-- hold: free to held, all or nothing, of the best places there are. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 price revision 6 how many places
--      7 'together'|'apart' 8 stretches 'first,count,price;...', best first
-- Returns 'ok <version> <hold> <record>' or 'no <code>'.
-- include: lib/hold-one.lua
-- include: lib/best.lua
tick()
local MAP = KEYS[2]
local TOGETHER, STRETCHES = ARGV[7] == 'together', ARGV[8]
return hold_one(KEYS, ARGV, function(rules, count, entry)
  return take_best(MAP, rules, count, TOGETHER, STRETCHES, had(entry))
end)
