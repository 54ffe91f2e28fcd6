#!lua
-- rebuild: the staged state takes the place of the old one, under a new epoch, if that is still the one expected. I3 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 sold 8 staged state 9 staged map 10 staged sold
-- ARGV 1 epoch expected ('' none) 2 fence of the ledger 3 1 when some are sold 4 1 when answers were taken over
-- Returns 1; 0 when somebody else rebuilt it first; -1 when what was staged is gone (stage it again).
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/holds.lua
local old = redis.call('HMGET', KEYS[1], 'epoch', 'fence')
if (old[1] or '') ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[8], KEYS[9]) ~= 2 then return -1 end
if ARGV[3] == '1' and redis.call('EXISTS', KEYS[10]) ~= 1 then return -1 end
local fence = math.max(tonumber(ARGV[2]), tonumber(old[2] or '0'))
local epoch = redis.call('HGET', KEYS[8], 'epoch')

-- All holds end: payments under way for them must be voided, and their buyers are told.
local holds, ended = redis.call('ZRANGE', KEYS[3], 0, -1), {}
for i = 1, #holds do
  local record = redis.call('HGET', KEYS[1], '#' .. holds[i])
  if record then
    local _, _, _, _, buyer, order, _, _, prices = string.match(record, RECORD)
    lapse(order, buyer, prices)
    ended[#ended + 1] = holds[i] .. ':' .. buyer
  end
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[7])
redis.call('RENAME', KEYS[8], KEYS[1])
redis.call('RENAME', KEYS[9], KEYS[2])
redis.call('PERSIST', KEYS[1])
redis.call('PERSIST', KEYS[2])
if ARGV[3] == '1' then
  redis.call('RENAME', KEYS[10], KEYS[7])
  redis.call('PERSIST', KEYS[7])
end
redis.call('HSET', KEYS[1], 'fence', string.format('%.0f', fence))
if ARGV[4] == '1' then
  local due = string.format('%d', now + KEEP)
  redis.call('ZADD', KEYS[5], due, event_id())
  redis.call('HSET', KEYS[1], 'due', due)
else
  redis.call('ZREM', KEYS[5], event_id())
end
redis.call('SPUBLISH', KEYS[4], epoch .. ' 0 rebuild 0  ' .. table.concat(ended, ','))
return 1
