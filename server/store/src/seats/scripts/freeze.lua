#!lua flags=allow-oom
-- freeze: no further transition of the event until its rebuild.
-- KEYS 1 state   Returns the epoch frozen, nil without state.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch then redis.call('HSET', KEYS[1], 'frozen', 1) end
return epoch
