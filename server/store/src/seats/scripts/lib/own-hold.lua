-- The caller's own live hold, or the refusal: BUYER's hold HOLD. Leaves epoch, version, due, entry and the record's fields.
local found = redis.call('HMGET', KEYS[1], 'epoch', 'version', 'frozen', 'due', '#' .. HOLD, '@' .. BUYER, 'rules', OP)
local before = found[8]
-- include: lib/repeated.lua
local epoch, version, due, entry = found[1], found[2], found[4], found[6]
if not epoch or found[3] then return 'no event_rebuilding' end
if not found[5] then return 'no hold_not_found' end
local state, fence, held_at, ends, owner, order, currency, places, prices, before_checkout = string.match(found[5], RECORD)
if owner ~= BUYER then return 'no hold_not_found' end
if tonumber(ends) <= now then return 'no hold_expired' end
held_at, ends = tonumber(held_at), tonumber(ends)

-- Writes the record anew with what may change of it; `before_checkout`: of a paying one, its end without the checkout.
local function keep_record(state, ends, order, before_checkout)
  local record = table.concat({ state, fence, held_at, ends, owner, order, currency, places, prices, before_checkout }, ' ')
  redis.call('HSET', KEYS[1], '#' .. HOLD, record)
  return record
end

local function answer(words)
  local reply = seconds .. DIGEST .. words
  redis.call('HSET', KEYS[1], OP, reply)
  return reply
end
