-- Lets the next one try. The record of a command without a step done is deleted: the op may come again with another command.
-- KEYS[1] the command's record
-- ARGV holder
-- Returns 1, or 0 when another holds the lease.
local key = KEYS[1]
local known = redis.call('HMGET', key, 'holder', 'note')
if known[1] ~= ARGV[1] then
  return 0
end
if known[2] then
  redis.call('HDEL', key, 'holder', 'until')
else
  redis.call('DEL', key)
end
return 1
