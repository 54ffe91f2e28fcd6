-- Takes the reserved money, once.
-- KEYS[1] the payment
-- Returns {'done' | 'lost' | <state> | 'absent', payment, amount, currency, state}. 'lost': this attempt fails, repeat it.
-- Invariant: `captures` counts how often money was taken, and never passes 1.
local key = KEYS[1]
local known = redis.call('HMGET', key, 'payment', 'amount', 'currency', 'state', 'capturesLost')
if not known[1] then
  return { known[4] or 'absent', '', '', '', '' }
end
if known[4] == 'captured' then
  return { 'done', known[1], known[2], known[3], known[4] }
end
if known[4] ~= 'authorised' then
  return { known[4], known[1], known[2], known[3], known[4] }
end
if tonumber(known[5]) > 0 then
  redis.call('HINCRBY', key, 'capturesLost', -1)
  return { 'lost', known[1], known[2], known[3], known[4] }
end
redis.call('HSET', key, 'state', 'captured')
redis.call('HINCRBY', key, 'captures', 1)
return { 'done', known[1], known[2], known[3], 'captured' }
