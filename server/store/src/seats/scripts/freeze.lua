#!lua flags=allow-oom
-- freeze: no further transition of the event until its rebuild.
-- KEYS 1 state   ARGV 1 the epoch to freeze, '' whichever it is   Returns the epoch frozen, nil without state or in another epoch.
-- The rules go by the name `frozen` until then: what finds no rules is refused, without asking for one field more.
local s = redis.call('HMGET', KEYS[1], 'epoch', 'rules')
if not s[1] or ARGV[1] ~= '' and ARGV[1] ~= s[1] then return false end
if s[2] then
  redis.call('HSET', KEYS[1], 'frozen', s[2])
  redis.call('HDEL', KEYS[1], 'rules')
end
return s[1]
