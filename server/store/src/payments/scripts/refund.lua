-- Gives taken money back, once.
-- KEYS[1] the payment   ARGV[1] amount, at most what was taken
-- Returns {'done' | 'smaller' | <state> | 'absent', payment, amount, currency, state}. 'smaller': more was asked than was taken.
-- Invariant: never more goes back than was taken; the first refund's amount stands.
local key = KEYS[1]
local known = redis.call('HMGET', key, 'payment', 'amount', 'currency', 'state')
if not known[1] then
  return { known[4] or 'absent', '', '', '', '' }
end
if known[4] == 'captured' then
  if tonumber(ARGV[1]) > tonumber(known[2]) then
    return { 'smaller', known[1], known[2], known[3], known[4] }
  end
  redis.call('HSET', key, 'state', 'refunded', 'refunded', ARGV[1])
elseif known[4] ~= 'refunded' then
  return { known[4], known[1], known[2], known[3], known[4] }
end
return { 'done', known[1], known[2], known[3], 'refunded' }
