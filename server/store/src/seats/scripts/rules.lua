#!lua
-- rules: other rules, the same places.
-- KEYS 1 state   ARGV 1 rules (packed, see rules.ts; its number of places is not looked at)   Returns 1, or 0 without state.
local s = redis.call('HMGET', KEYS[1], 'rules', 'frozen')
local old = s[1] or s[2]
if not old then return 0 end
redis.call('HSET', KEYS[1], s[1] and 'rules' or 'frozen', string.sub(ARGV[1], 1, 72) .. string.sub(old, 73, 80) .. string.sub(ARGV[1], 81))
return 1
