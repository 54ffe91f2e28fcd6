#!lua
-- rebuild: the staged state takes the place of the old one, under a new epoch, if that is still the one expected. I3 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 sold 8 staged state 9 staged map 10 staged sold
-- ARGV 1 epoch expected ('' none) 2 fence of the ledger 3 1 when some are sold 4 1 when answers were taken over
-- Returns 1; 0 when somebody else rebuilt it first; -1 when what was staged is gone (stage it again).
-- include: lib/holds.lua
tick()
local STATE, MAP, EXPIRY, JOURNAL, DUE, OUTBOX, SOLD, STAGED_STATE, STAGED_MAP, STAGED_SOLD = unpack(KEYS)
local EXPECTED, LEDGER_FENCE, SOME_SOLD, ANSWERS = unpack(ARGV)
local old_epoch, old_fence = unpack(redis.call('HMGET', STATE, 'epoch', 'fence'))
if (old_epoch or '') ~= EXPECTED then return 0 end
if redis.call('EXISTS', STAGED_STATE, STAGED_MAP) ~= 2 then return -1 end
if SOME_SOLD == '1' and redis.call('EXISTS', STAGED_SOLD) ~= 1 then return -1 end
local fence = math.max(tonumber(LEDGER_FENCE), tonumber(old_fence or '0'))
local epoch, event = redis.call('HGET', STAGED_STATE, 'epoch'), event_of(STATE)

-- All holds end: payments under way for them must be voided, and their buyers are told.
local holds, ended = redis.call('ZRANGE', EXPIRY, 0, -1), {}
for i = 1, #holds do
  local record = redis.call('HGET', STATE, '#' .. holds[i])
  if record then
    local _, _, _, _, buyer, order, _, _, prices = string.match(record, RECORD)
    lapse(OUTBOX, event, order, buyer, prices)
    ended[#ended + 1] = holds[i] .. ':' .. buyer
  end
end
redis.call('UNLINK', STATE, MAP, EXPIRY, JOURNAL, SOLD)
redis.call('RENAME', STAGED_STATE, STATE)
redis.call('RENAME', STAGED_MAP, MAP)
redis.call('PERSIST', STATE)
redis.call('PERSIST', MAP)
if SOME_SOLD == '1' then
  redis.call('RENAME', STAGED_SOLD, SOLD)
  redis.call('PERSIST', SOLD)
end
redis.call('HSET', STATE, 'fence', string.format('%.0f', fence))
if ANSWERS == '1' then
  local due = string.format('%d', now + ANSWERS_MS)
  redis.call('ZADD', DUE, due, event)
  redis.call('HSET', STATE, 'due', due)
else
  redis.call('ZREM', DUE, event)
end
redis.call('SPUBLISH', JOURNAL, epoch .. ' 0 rebuild 0  ' .. table.concat(ended, ','))
return 1
