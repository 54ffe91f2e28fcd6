-- Takes the lease of a command, unless it was answered or another carries it out.
-- KEYS[1] the command's record: digest, note, answer; holder and until while it is carried out
-- ARGV digest, holder, leaseMs, keepMs
-- Returns {'conflict'}, {'answered', answer}, {'busy'}, or {'yours', note}; note is '' when no step is done.
-- Invariant: of all that claim, one holds the lease at a time.
local key = KEYS[1]
local digest, holder, leaseMs, keepMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local known = redis.call('HMGET', key, 'digest', 'note', 'answer', 'until')
local theirs, note, answer, until_ = known[1], known[2], known[3], known[4]
if theirs and theirs ~= digest then
  return { 'conflict' }
end
if answer then
  return { 'answered', answer }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if until_ and tonumber(until_) > now then
  return { 'busy' }
end
redis.call('HSET', key, 'digest', digest, 'holder', holder, 'until', now + leaseMs)
redis.call('PEXPIRE', key, keepMs)
return { 'yours', note or '' }
