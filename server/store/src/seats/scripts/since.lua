#!lua flags=no-writes
-- since: the transitions after a version, without gaps.
-- KEYS 1 state 2 journal   ARGV 1 epoch 2 version   Returns their words in order; nil for another epoch or when the journal lost some.
local s = redis.call('HMGET', KEYS[1], 'epoch', 'version')
if s[1] ~= ARGV[1] then return false end
local missed = s[2] - ARGV[2]
if missed < 0 or missed > redis.call('LLEN', KEYS[2]) then return false end
if missed == 0 then return {} end
return redis.call('LRANGE', KEYS[2], -missed, -1)
