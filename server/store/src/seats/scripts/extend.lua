#!lua
-- extend: held stays held, for another holdMs, at most maxHoldMs from its start. Changes no map. I1 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`
-- Returns 'ok <version> <expiresAt>' or 'no <code>'.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/op.lua
-- include: lib/holds.lua
-- include: lib/own-hold.lua
if state == 'p' then return 'no hold_paying' end
local _, _, _, _, hold_ms, max_hold_ms = struct.unpack('<ddddddd', found[7])
local latest = held_at + max_hold_ms
if ends >= latest then return 'no extension_limit' end
ends = math.max(ends, math.min(now + hold_ms, latest))

keep_record('h', ends, order)
redis.call('ZADD', KEYS[3], ends, HOLD)
return answer('ok ' .. version .. ' ' .. ends)
