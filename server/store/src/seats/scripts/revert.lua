#!lua
-- revert: paying back to held, with what it had left without the checkout, or 60 s within maxHoldMs + payingMs of its start; held
-- stays held. I1 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`
-- Returns 'ok <version> <expiresAt>' or 'no <code>'.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/op.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/own-hold.lua
-- include: lib/remind.lua
if state == 'h' then return answer('ok ' .. version .. ' ' .. ends) end
local _, _, _, _, _, max_hold_ms, paying_ms = struct.unpack('<ddddddd', found[7])
local list = numbers(places)
ends = math.max(tonumber(before_checkout) or ends, math.min(now + 60000, held_at + max_hold_ms + paying_ms))

paint(look(list, 0), list, -8)
keep_record('h', ends, order)
redis.call('ZADD', KEYS[3], ends, HOLD)
remind(due, ends)
return answer('ok ' .. version .. ' ' .. ends)
