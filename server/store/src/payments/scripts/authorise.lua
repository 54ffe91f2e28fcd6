-- Reserves the money, unless the order has a payment already or is barred.
-- KEYS[1] the payment   ARGV[1] its reference if it is new, [2] amount, [3] currency, [4] captures that will fail first
-- Returns {'fresh' | 'repeat' | 'barred', payment, amount, currency, state}; the last four are '' when barred.
-- Invariant: one payment an order, however often it is asked for; none once the order was voided.
local key = KEYS[1]
local known = redis.call('HMGET', key, 'payment', 'amount', 'currency', 'state')
if known[4] == 'barred' or known[4] == 'voided' then
  return { 'barred', '', '', '', '' }
end
if known[4] then
  return { 'repeat', known[1], known[2], known[3], known[4] }
end
redis.call('HSET', key, 'payment', ARGV[1], 'amount', ARGV[2], 'currency', ARGV[3], 'state', 'authorised',
  'captures', 0, 'capturesLost', ARGV[4])
return { 'fresh', ARGV[1], ARGV[2], ARGV[3], 'authorised' }
