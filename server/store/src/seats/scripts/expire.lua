#!lua flags=allow-oom
-- expire: holds past their end to free, at most `limit`, as one transition; answers kept for long enough, a slice of them.
-- Then says when the event is due again. I1 I2 I3 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 limit
-- Returns how many holds it ended, and 1 when more answers wait to be looked at.
-- include: lib/overdue.lua
tick()
local STATE, _, EXPIRY, _, DUE = unpack(KEYS)
local LIMIT = tonumber(ARGV[1])

-- Removes answers that are older than ANSWERS_MS, by a slice of the state's fields a call, so that no step is long: 0.5 ms where all
-- of them are old, 2.4 us an answer.
-- Field `forget` is `<when> <cursor> <version> <0|1>`: when to go on, where, and of the round under way, at which version it began
-- and whether it met answers to keep. Returns when to go on, which is past while a round is under way; nil when nothing is kept.
local function forget()
  local SLICE = 200
  local version, round = unpack(redis.call('HMGET', STATE, 'version', 'forget'))
  if not version then return nil end
  local at, cursor, began, kept = string.match(round or '', '^(%d+) (%d+) (%d+) (%d)$')
  at = tonumber(at or now + ANSWERS_MS)
  if not cursor then
    cursor, began, kept = '0', '0', '0'
  elseif now < at then
    return at
  else
    if cursor == '0' then began, kept = version, '0' end
    local after, fields = unpack(redis.call('HSCAN', STATE, cursor, 'MATCH', '*:*', 'COUNT', SLICE))
    local old = {}
    for i = 1, #fields, 2 do
      -- An answer's second is rounded down: it is counted as given at that second's end.
      if now - (string.sub(fields[i + 1], 1, 10) + 1) * 1000 > ANSWERS_MS then old[#old + 1] = fields[i] else kept = '1' end
    end
    for i = 1, #old, 1000 do redis.call('HDEL', STATE, unpack(old, i, math.min(i + 999, #old))) end
    cursor = after
    if cursor == '0' then
      -- An answer given behind the cursor comes with a live hold, or its hold ended meanwhile, which made a version.
      if kept == '0' and began == version then
        redis.call('HDEL', STATE, 'forget')
        return nil
      end
      at = now + ANSWERS_MS
    end
  end
  redis.call('HSET', STATE, 'forget', string.format('%d %s %s %s', at, cursor, began, kept))
  return at
end

local ended, due = end_due(KEYS, LIMIT), forget()
local more = due and due <= now and 1 or 0
local first = redis.call('ZRANGE', EXPIRY, 0, 0, 'WITHSCORES')[2]
if first then due = math.min(due or first, first) end
if due then
  due = string.format('%d', due)
  redis.call('ZADD', DUE, due, event_of(STATE))
  redis.call('HSET', STATE, 'due', due)
else
  redis.call('ZREM', DUE, event_of(STATE))
  redis.call('HDEL', STATE, 'due')
end
return { ended, more }
