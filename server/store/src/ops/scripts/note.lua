-- Writes down the step a command has reached, and renews the lease.
-- KEYS[1] the command's record
-- ARGV holder, note, leaseMs, keepMs
-- Returns 1, or 0 when another holds the lease: then nothing is written.
local key = KEYS[1]
local holder, note, leaseMs, keepMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
if redis.call('HGET', key, 'holder') ~= holder then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', key, 'note', note, 'until', now + leaseMs)
redis.call('PEXPIRE', key, keepMs)
return 1
