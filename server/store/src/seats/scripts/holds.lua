#!lua flags=no-writes
-- holds: live holds, by id or of a buyer.
-- KEYS 1 state   ARGV 1 'hold'|'buyer' 2 its id   Returns '<hold> <record>' of each, in the order they were made.
-- include: lib/clock.lua
tick()
local STATE, BY, ID = KEYS[1], ARGV[1], ARGV[2]
local ids, live = { ID }, {}
if BY == 'buyer' then
  ids = {}
  for id in string.gmatch(redis.call('HGET', STATE, '@' .. ID) or '', ' (%S+)') do ids[#ids + 1] = id end
end
for i = 1, #ids do
  local record = redis.call('HGET', STATE, '#' .. ids[i])
  if record and tonumber(string.match(record, '^%a %d+ %d+ (%d+)')) > now then live[#live + 1] = ids[i] .. ' ' .. record end
end
return live
