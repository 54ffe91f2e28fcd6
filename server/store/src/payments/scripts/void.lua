-- Lets reserved money go, and bars the order from being authorised from now on.
-- KEYS[1] the payment
-- Returns {'done' | <state>, payment, amount, currency, state}; a state other than 'done' (captured, refunded) is too late to void.
-- Invariant: after 'done' the order's money is not reserved and never will be.
local key = KEYS[1]
local known = redis.call('HMGET', key, 'payment', 'amount', 'currency', 'state')
if not known[1] then
  redis.call('HSET', key, 'state', 'barred')
  return { 'done', '', '', '', '' }
end
if known[4] == 'authorised' then
  redis.call('HSET', key, 'state', 'voided')
elseif known[4] ~= 'voided' then
  return { known[4], known[1], known[2], known[3], known[4] }
end
return { 'done', known[1], known[2], known[3], 'voided' }
