#!lua flags=no-writes
-- snapshot: the whole map at one version.
-- KEYS 1 state 2 map   Returns nil without state, else epoch, version, now, map letters.
-- include: lib/clock.lua
tick()
local STATE, MAP = unpack(KEYS)
local epoch, version = unpack(redis.call('HMGET', STATE, 'epoch', 'version'))
if not epoch then return false end
return { epoch, version, now, redis.call('GET', MAP) }
