#!lua flags=allow-oom
-- expire: holds past their end to free, at most `limit`, as one transition; answers kept for long enough, a slice of them.
-- Then says when the event is due again. I1 I2 I3 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 limit
-- Returns how many holds it ended, and 1 when more answers wait to be looked at.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/expire.lua
-- include: lib/forget.lua
local ended, due = end_due(tonumber(ARGV[1])), forget()
local more = due and due <= now and 1 or 0
local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2]
if first then due = math.min(due or first, first) end
if due then
  due = string.format('%d', due)
  redis.call('ZADD', KEYS[5], due, event_id())
  redis.call('HSET', KEYS[1], 'due', due)
else
  redis.call('ZREM', KEYS[5], event_id())
  redis.call('HDEL', KEYS[1], 'due')
end
return { ended, more }
