-- Writes down the answer, which ends the command.
-- KEYS[1] the command's record
-- ARGV holder, answer, keepMs
-- Returns {'kept'}; {'answered', answer} when there is one already, which is kept; {'lost'} when another holds the lease.
-- Invariant: an answer once written never changes.
local key = KEYS[1]
local holder, answer, keepMs = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HMGET', key, 'answer', 'holder')
if known[1] then
  return { 'answered', known[1] }
end
if known[2] ~= holder then
  return { 'lost' }
end
redis.call('HDEL', key, 'note', 'holder', 'until')
redis.call('HSET', key, 'answer', answer)
redis.call('PEXPIRE', key, keepMs)
return { 'kept' }
