-- now: epoch ms, now_us: epoch us; the store's one clock (I5). Tests put another include in this one's place.
local clock = redis.call('TIME')
local now_us = clock[1] * 1000000 + clock[2]
local now = math.floor(now_us / 1000)
