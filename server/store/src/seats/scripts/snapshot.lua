#!lua flags=no-writes
-- snapshot: the whole map at one version.
-- KEYS 1 state 2 map   Returns nil without state, else epoch, version, now, map letters.
-- include: lib/clock.lua
local s = redis.call('HMGET', KEYS[1], 'epoch', 'version')
if not s[1] then return false end
return { s[1], s[2], now, redis.call('GET', KEYS[2]) }
