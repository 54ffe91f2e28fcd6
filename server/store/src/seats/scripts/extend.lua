#!lua
-- extend: held stays held, for another holdMs, at most maxHoldMs from its start. Changes no map. I1 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`
-- Returns 'ok <version> <expiresAt>' or 'no <code>'.
-- include: lib/own.lua
tick()
local STATE, _, EXPIRY = unpack(KEYS)
local DIGEST, BUYER, HOLD, OP = unpack(ARGV)
local hold, no = own_hold(STATE, DIGEST, BUYER, HOLD, OP)
if not hold then return no end
if hold.letter == 'p' then return 'no hold_paying' end
local rules = rules_of(hold.rules)
local latest = hold.held_at + rules.maxHoldMs
if hold.ends >= latest then return 'no extension_limit' end
local ends = math.max(hold.ends, math.min(now + rules.holdMs, latest))

keep_record(STATE, BUYER, HOLD, hold, 'h', ends, hold.order)
redis.call('ZADD', EXPIRY, ends, HOLD)
return answer(STATE, OP, DIGEST, 'ok ' .. hold.version .. ' ' .. ends)
