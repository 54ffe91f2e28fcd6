#!lua flags=no-writes
-- due: events of a partition that have a hold past its end, most overdue first.
-- KEYS 1 due   ARGV 1 limit   Returns event ids.
-- include: lib/clock.lua
tick()
local DUE, LIMIT = KEYS[1], ARGV[1]
return redis.call('ZRANGE', DUE, '-inf', now, 'BYSCORE', 'LIMIT', 0, LIMIT)
