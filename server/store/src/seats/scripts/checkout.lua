#!lua
-- checkout: held to paying, for payingMs from now or what was left, whichever is longer. The map shows no difference, so no version. I1 I2 I4 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 order
-- Returns 'ok <version> <hold> <record>' or 'no <code>'. A hold checked out before keeps its first order.
-- include: lib/map.lua
-- include: lib/own.lua
tick()
local STATE, MAP, EXPIRY = unpack(KEYS)
local DIGEST, BUYER, HOLD, OP, ORDER = unpack(ARGV)
local hold, no = own_hold(STATE, DIGEST, BUYER, HOLD, OP)
if not hold then return no end
if hold.letter == 'p' then return 'no hold_paying' end
local list = numbers(hold.places)
local ends = math.max(hold.ends, now + rules_of(hold.rules).payingMs)
local order = hold.order == '-' and ORDER or hold.order

paint(MAP, look(MAP, list, 0), list, HELD_TO_PAYING)
local record = keep_record(STATE, BUYER, HOLD, hold, 'p', ends, order, hold.ends)
redis.call('ZADD', EXPIRY, ends, HOLD)
return answer(STATE, OP, DIGEST, 'ok ' .. hold.version .. ' ' .. HOLD .. ' ' .. record)
