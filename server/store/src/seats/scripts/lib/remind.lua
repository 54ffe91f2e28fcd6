-- Keeps the partition's list of who has something ending soon: an entry is never later than the event's first hold to end.
-- include: lib/event-id.lua
local function remind(due, ends)
  if not due or ends < tonumber(due) then
    redis.call('ZADD', KEYS[5], ends, event_id())
    redis.call('HSET', KEYS[1], 'due', ends)
  end
end
