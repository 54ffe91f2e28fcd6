#!lua flags=no-writes
-- due: events of a partition that have a hold past its end, most overdue first.
-- KEYS 1 due   ARGV 1 limit   Returns event ids.
-- include: lib/clock.lua
return redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[1])
