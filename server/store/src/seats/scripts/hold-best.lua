#!lua
-- hold: free to held, all or nothing, of the best places there are. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 price revision 6 how many places
--      7 'together'|'apart' 8 stretches 'first,count,price;...', best first
-- Returns 'ok <version> <hold> <record>' or 'no <code>'.
-- include: lib/grant.lua
-- include: lib/best.lua
-- include: lib/overdue.lua
tick()
local STATE, MAP = KEYS[1], KEYS[2]
local DIGEST, BUYER, HOLD, OP, REVISION, COUNT, TOGETHER, STRETCHES = unpack(ARGV)
COUNT, TOGETHER = tonumber(COUNT), TOGETHER == 'together'

local epoch, version, packed, due, fence, entry, record, before =
  unpack(redis.call('HMGET', STATE, 'epoch', 'version', 'rules', 'due', 'fence', '@' .. BUYER, '#' .. HOLD, OP))
if before then return repeated(before, DIGEST) end
if not packed then return 'no event_rebuilding' end
if record then return 'no op_conflict' end
local rules = rules_of(packed)
local no = unfit(rules, now, tonumber(REVISION), COUNT)
if no then return no end

local stale, places, prices
no, stale, places, prices = take_best(MAP, rules, COUNT, TOGETHER, STRETCHES, had(entry))
if stale and cleared(KEYS, due) then
  version, entry = unpack(redis.call('HMGET', STATE, 'version', '@' .. BUYER))
  no, stale, places, prices = take_best(MAP, rules, COUNT, TOGETHER, STRETCHES, had(entry))
end
return no or grant(KEYS, ARGV, rules, epoch, version, due, fence, entry, places, prices)
