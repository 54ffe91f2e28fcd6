#!lua flags=allow-oom
-- release: held or paying to free, by its owner. A payment that was under way lapses. I1 I2 I3 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`
-- Returns 'ok <version> <places>' or 'no <code>'.
-- include: lib/map.lua
-- include: lib/own.lua
tick()
local STATE, MAP, EXPIRY, JOURNAL, _, OUTBOX = unpack(KEYS)
local DIGEST, BUYER, HOLD, OP = unpack(ARGV)
local hold, no = own_hold(STATE, DIGEST, BUYER, HOLD, OP)
if not hold then return no end
local list, version = numbers(hold.places), hold.version + 1

paint(MAP, look(MAP, list, 0), list, hold.letter == 'h' and HELD_TO_FREE or PAYING_TO_FREE)
redis.call('HDEL', STATE, '#' .. HOLD)
redis.call('HSET', STATE, 'version', version)
keep_entry(STATE, BUYER, without_hold(hold.entry, HOLD, #list))
redis.call('ZREM', EXPIRY, HOLD)
lapse(OUTBOX, event_of(STATE), hold.order, BUYER, hold.prices)
announce(JOURNAL, version, 1, transition(hold.epoch, version, 'release', SHOWN_FREE, hold.places, HOLD .. ':' .. BUYER))
return answer(STATE, OP, DIGEST, 'ok ' .. version .. ' ' .. hold.places)
