-- I4: a repeat of an op gets the first answer, another command under it is refused. KEYS 7 ops 8 older ops; ARGV 2 digest of the
-- command (16 characters), 3 buyer, 4 hold, 5 op. Refusals are not kept: a retry may
-- do better. Answers are fields of one hash, which ages as a whole: a key with an expiry for each cost 3 us more.
local DIGEST, BUYER, HOLD, OP = ARGV[2], ARGV[3], ARGV[4], ARGV[3] .. ':' .. ARGV[5]
local ops = redis.call('HMGET', KEYS[7], OP, 'since')
local before = ops[1] or redis.call('HGET', KEYS[8], OP)
if before then
  if string.sub(before, 1, 16) == DIGEST then return before end
  return 'no op_conflict'
end

-- Keeps the answer and returns it. Kept and sent are one string, digest first: the reader cuts it off.
local function answer(words)
  local reply = DIGEST .. words
  if not ops[2] or now - ops[2] > KEEP then
    redis.call('UNLINK', KEYS[8])
    if ops[2] then redis.call('RENAME', KEYS[7], KEYS[8]) end
    redis.call('HSET', KEYS[7], 'since', now)
    redis.call('PEXPIRE', KEYS[7], 2 * KEEP)
  end
  redis.call('HSET', KEYS[7], OP, reply)
  return reply
end
