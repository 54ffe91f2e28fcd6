-- The store's one clock (I5). Tests put another include in this one's place.

-- Of the call under way: epoch ms, epoch us, and epoch seconds in ten digits. Each script that needs them begins with tick().
local now, now_us, seconds
local function tick()
  local clock = redis.call('TIME')
  seconds = clock[1]
  now_us = seconds * 1000000 + clock[2]
  now = (now_us - now_us % 1000) / 1000
end
