#!lua flags=allow-oom
-- confirm: paying to sold, and the purchase into the outbox at the same instant. I1 I2 I3 I4 I5 I8.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 sold
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 order 6 payment
-- Returns 'ok <version> <order> <places>' or 'no <code>'.
-- include: lib/map.lua
-- include: lib/own.lua
tick()
local STATE, MAP, EXPIRY, JOURNAL, _, OUTBOX, SOLD = unpack(KEYS)
local DIGEST, BUYER, HOLD, OP, ORDER, PAYMENT = unpack(ARGV)
local hold, no = own_hold(STATE, DIGEST, BUYER, HOLD, OP)
if not hold then return no end
if hold.letter == 'h' then return 'no hold_not_paying' end
if hold.order ~= ORDER then return 'no unknown_order' end
local list, sales = numbers(hold.places), {}
for i = 1, #list do
  sales[2 * i - 1] = list[i]
  sales[2 * i] = hold.fence
end
local version = hold.version + 1

paint(MAP, look(MAP, list, 0), list, PAYING_TO_SOLD)
redis.call('HSET', SOLD, unpack(sales))
redis.call('HDEL', STATE, '#' .. HOLD)
redis.call('HSET', STATE, 'version', version)
keep_entry(STATE, BUYER, without_hold(hold.entry, HOLD, 0))
redis.call('ZREM', EXPIRY, HOLD)
redis.call('XADD', OUTBOX, '*', 'kind', 'purchase', 'event', event_of(STATE), 'order', ORDER, 'hold', HOLD, 'buyer', BUYER, 'fence',
  hold.fence, 'places', hold.places, 'prices', hold.prices, 'currency', hold.currency, 'payment', PAYMENT, 'acceptedAt', now)
announce(JOURNAL, version, 1, transition(hold.epoch, version, 'confirm', SHOWN_SOLD, hold.places, HOLD .. ':' .. BUYER))
return answer(STATE, OP, DIGEST, 'ok ' .. version .. ' ' .. ORDER .. ' ' .. hold.places)
