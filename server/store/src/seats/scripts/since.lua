#!lua flags=no-writes
-- since: the transitions after a version, without gaps.
-- KEYS 1 state 2 journal   ARGV 1 epoch 2 version   Returns their words in order; nil for another epoch or when the journal lost some.
local STATE, JOURNAL = unpack(KEYS)
local EPOCH, AFTER = unpack(ARGV)
local epoch, version = unpack(redis.call('HMGET', STATE, 'epoch', 'version'))
if epoch ~= EPOCH then return false end
local missed = version - AFTER
if missed < 0 or missed > redis.call('LLEN', JOURNAL) then return false end
if missed == 0 then return {} end
return redis.call('LRANGE', JOURNAL, -missed, -1)
