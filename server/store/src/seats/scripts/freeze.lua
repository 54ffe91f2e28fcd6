#!lua flags=allow-oom
-- freeze: no further transition of the event until its rebuild.
-- KEYS 1 state   ARGV 1 the epoch to freeze, '' whichever it is   Returns the epoch frozen, nil without state or in another epoch.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch or ARGV[1] ~= '' and ARGV[1] ~= epoch then return false end
redis.call('HSET', KEYS[1], 'frozen', 1)
return epoch
