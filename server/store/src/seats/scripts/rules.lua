#!lua
-- rules: other rules, the same places.
-- KEYS 1 state   ARGV 1 rules (packed doubles) 2 currency   Returns 1, or 0 without state.
if redis.call('HEXISTS', KEYS[1], 'epoch') == 0 then return 0 end
redis.call('HSET', KEYS[1], 'rules', ARGV[1], 'currency', ARGV[2])
return 1
