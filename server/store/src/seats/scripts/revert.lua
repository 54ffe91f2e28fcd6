#!lua
-- revert: paying back to held, with what it had left without the checkout, or DECLINED_MS within maxHoldMs + payingMs of its start;
-- held stays held. I1 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`
-- Returns 'ok <version> <expiresAt>' or 'no <code>'.
-- include: lib/map.lua
-- include: lib/own.lua
tick()
local STATE, MAP, EXPIRY, _, DUE = unpack(KEYS)
local DIGEST, BUYER, HOLD, OP = unpack(ARGV)
local hold, no = own_hold(STATE, DIGEST, BUYER, HOLD, OP)
if not hold then return no end
if hold.letter == 'h' then return answer(STATE, OP, DIGEST, 'ok ' .. hold.version .. ' ' .. hold.ends) end
local rules, list = rules_of(hold.rules), numbers(hold.places)
local latest = hold.held_at + rules.maxHoldMs + rules.payingMs
local ends = math.max(tonumber(hold.before_checkout) or hold.ends, math.min(now + DECLINED_MS, latest))

paint(MAP, look(MAP, list, 0), list, PAYING_TO_HELD)
keep_record(STATE, BUYER, HOLD, hold, 'h', ends, hold.order)
redis.call('ZADD', EXPIRY, ends, HOLD)
remind(STATE, DUE, hold.due, ends)
return answer(STATE, OP, DIGEST, 'ok ' .. hold.version .. ' ' .. ends)
