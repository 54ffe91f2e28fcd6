#!lua flags=allow-oom
-- freeze: no further transition of the event until its rebuild.
-- KEYS 1 state   ARGV 1 the epoch to freeze, '' whichever it is   Returns the epoch frozen, nil without state or in another epoch.
-- The rules go by the name `frozen` until then: what finds no rules is refused, without asking for one field more.
local STATE, WHICH = KEYS[1], ARGV[1]
local epoch, rules = unpack(redis.call('HMGET', STATE, 'epoch', 'rules'))
if not epoch or WHICH ~= '' and WHICH ~= epoch then return false end
if rules then
  redis.call('HSET', STATE, 'frozen', rules)
  redis.call('HDEL', STATE, 'rules')
end
return epoch
