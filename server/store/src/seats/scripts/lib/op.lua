-- I4: a repeat of an op gets the first answer, another command under it is refused. KEYS 7 op; ARGV 4 digest of the command
-- (16 characters), 5 how long to keep the answer (ms), 6 buyer, 7 hold. Refusals are not kept: a retry may do better.
local DIGEST, BUYER, HOLD = ARGV[4], ARGV[6], ARGV[7]
local before = redis.call('GET', KEYS[7])
if before then
  if string.sub(before, 1, 16) == DIGEST then return string.sub(before, 17) end
  return 'no op_conflict'
end

local function answer(reply)
  redis.call('SET', KEYS[7], DIGEST .. reply, 'PX', ARGV[5])
  return reply
end
