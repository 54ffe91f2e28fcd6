#!lua flags=allow-oom
-- confirm: paying to sold, and the purchase into the outbox at the same instant. I1 I2 I3 I4 I5 I8.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 sold
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 order 6 payment
-- Returns 'ok <version> <order> <places>' or 'no <code>'.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/op.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/own-hold.lua
if state == 'h' then return 'no hold_not_paying' end
if order ~= ARGV[5] then return 'no unknown_order' end
local list, sales = numbers(places), {}
for i = 1, #list do
  sales[2 * i - 1] = list[i]
  sales[2 * i] = fence
end
version = version + 1

paint(look(list, 0), list, 3)
redis.call('HSET', KEYS[7], unpack(sales))
redis.call('HDEL', KEYS[1], '#' .. HOLD)
redis.call('HSET', KEYS[1], 'version', version)
keep_entry(BUYER, without_hold(entry, HOLD, 0))
redis.call('ZREM', KEYS[3], HOLD)
redis.call('XADD', KEYS[6], '*', 'kind', 'purchase', 'event', event_id(), 'order', order, 'hold', HOLD, 'buyer', BUYER, 'fence', fence,
  'places', places, 'prices', prices, 'currency', currency, 'payment', ARGV[6], 'acceptedAt', now)
announce(epoch, version, 'confirm', 2, places, HOLD .. ':' .. BUYER)
return answer('ok ' .. version .. ' ' .. order .. ' ' .. places)
