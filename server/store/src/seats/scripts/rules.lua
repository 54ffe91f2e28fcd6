#!lua
-- rules: other rules, the same places.
-- KEYS 1 state   ARGV 1 rules (packed, see rules.ts; its number of places is not looked at)   Returns 1, or 0 without state.
-- include: rules
local STATE, RULES = KEYS[1], ARGV[1]
local rules, frozen = unpack(redis.call('HMGET', STATE, 'rules', 'frozen'))
if not rules and not frozen then return 0 end
redis.call('HSET', STATE, rules and 'rules' or 'frozen', string.sub(RULES, 1, PLACES_FIRST - 1) ..
  string.sub(rules or frozen, PLACES_FIRST, PLACES_LAST) .. string.sub(RULES, PLACES_LAST + 1))
return 1
