-- Renews the lease of a command.
-- KEYS[1] the command's record
-- ARGV holder, leaseMs
-- Returns 1, or 0 when another holds the lease or it has expired.
local key = KEYS[1]
local holder, leaseMs = ARGV[1], tonumber(ARGV[2])
if redis.call('HGET', key, 'holder') ~= holder then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', key, 'until', now + leaseMs)
return 1
