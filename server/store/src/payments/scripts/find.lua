-- What the provider knows of an order's payment.
-- KEYS[1] the payment
-- Returns {'done', payment, amount, currency, state}; the last four are '' when there is none, barred or not.
local known = redis.call('HMGET', KEYS[1], 'payment', 'amount', 'currency', 'state')
if not known[1] then
  return { 'done', '', '', '', '' }
end
return { 'done', known[1], known[2], known[3], known[4] }
