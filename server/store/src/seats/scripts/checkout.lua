#!lua
-- checkout: held to paying, for payingMs from now or what was left, whichever is longer. The map shows no difference, so no version. I1 I2 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 order
-- Returns 'ok <version> <hold> <record>' or 'no <code>'. A hold checked out before keeps its first order.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/op.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/own-hold.lua
if state == 'p' then return 'no hold_paying' end
local _, _, _, _, _, _, paying_ms = struct.unpack('<ddddddd', found[7])
local list = numbers(places)
local without = ends
ends = math.max(without, now + paying_ms)
if order == '-' then order = ARGV[5] end

paint(look(list, 0), list, 8)
local record = keep_record('p', ends, order, without)
redis.call('ZADD', KEYS[3], ends, HOLD)
return answer('ok ' .. version .. ' ' .. HOLD .. ' ' .. record)
