#!lua flags=allow-oom
-- expire: holds past their end to free, at most `limit`, as one transition. Then says when the event is due again. I1 I2 I3 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 feed 2 limit
-- Returns how many holds it ended.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/expire.lua
local ended = end_due(tonumber(ARGV[2]))
local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
if first[2] then
  redis.call('ZADD', KEYS[5], first[2], event_id())
  redis.call('HSET', KEYS[1], 'due', first[2])
else
  redis.call('ZREM', KEYS[5], event_id())
  redis.call('HDEL', KEYS[1], 'due')
end
return ended
