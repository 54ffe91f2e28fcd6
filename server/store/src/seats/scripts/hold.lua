#!lua
-- hold: free to held, all or nothing, of places named. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 price revision 6 how many places
--      7 places (ascending csv) 8 their prices (csv) 9 the first of them when they are side by side, else ''
-- Returns 'ok <version> <hold> <record>' or 'no <code> [places]'.
-- include: lib/grant.lua
local STATE, MAP = KEYS[1], KEYS[2]
local DIGEST, BUYER, HOLD, OP, REVISION, COUNT, PLACES, PRICES, FIRST = unpack(ARGV)
COUNT = tonumber(COUNT)

local epoch, version, packed, due, fence, entry, record, before =
  unpack(redis.call('HMGET', STATE, 'epoch', 'version', 'rules', 'due', 'fence', '@' .. BUYER, '#' .. HOLD, OP))
if before then return repeated(before, DIGEST) end
if not packed then return 'no event_rebuilding' end
if record then return 'no op_conflict' end
local rules = rules_of(packed)
local no = unfit(rules, now, tonumber(REVISION), COUNT)
if no then return no end

local letters = FIRST ~= '' and usual(MAP, rules, tonumber(FIRST), COUNT, had(entry))
if letters then
  redis.call('SETRANGE', MAP, FIRST, letters)
  return grant(KEYS, ARGV, rules, epoch, version, due, fence, entry, PLACES, PRICES)
end

-- Any other wish. What only it needs is made only now: a function costs 0.05 us at each call of the script.
-- include: lib/named.lua
-- include: lib/overdue.lua
local places = numbers(PLACES)
local beyond = unknown(places, rules.places)
if beyond then return 'no unknown_place ' .. beyond end
local windows, stale
windows, no, stale = choose_named(MAP, rules, places, had(entry))
if stale and cleared(KEYS, due) then
  version, entry = unpack(redis.call('HMGET', STATE, 'version', '@' .. BUYER))
  windows, no = choose_named(MAP, rules, places, had(entry))
end
if no then return no end
paint(MAP, windows, places, FREE_TO_HELD)
return grant(KEYS, ARGV, rules, epoch, version, due, fence, entry, PLACES, PRICES)
