-- now: epoch ms, now_us: epoch us, seconds: ten digits; the store's one clock (I5). Tests put another include in this one's place.
local clock = redis.call('TIME')
local seconds = clock[1]
local now_us = seconds * 1000000 + clock[2]
local now = (now_us - now_us % 1000) / 1000
