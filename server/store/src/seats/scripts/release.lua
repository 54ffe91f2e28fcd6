#!lua flags=allow-oom
-- release: held or paying to free, by its owner. A payment that was under way lapses. I1 I2 I3 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`
-- Returns 'ok <version> <places>' or 'no <code>'.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/op.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/own-hold.lua
local list = numbers(places)
version = version + 1

paint(look(list, 0), list, state == 'h' and HELD_TO_FREE or PAYING_TO_FREE)
redis.call('HDEL', KEYS[1], '#' .. HOLD)
redis.call('HSET', KEYS[1], 'version', version)
keep_entry(BUYER, without_hold(entry, HOLD, #list))
redis.call('ZREM', KEYS[3], HOLD)
lapse(order, BUYER, prices)
announce(epoch, version, 'release', 0, places, HOLD .. ':' .. BUYER)
return answer('ok ' .. version .. ' ' .. places)
