-- A command on the caller's own live hold. ARGV of every one: 1 digest 2 buyer 3 hold 4 `<buyer>:<op>`.
-- include: lib/holds.lua

-- The hold, with what its event says: epoch, version, due, entry (the buyer's), rules (packed); or nil and the answer: the first one
-- of a repeat, or the refusal.
local function own_hold(state, digest, buyer, id, op)
  local epoch, version, frozen, due, record, entry, rules, before =
    unpack(redis.call('HMGET', state, 'epoch', 'version', 'frozen', 'due', '#' .. id, '@' .. buyer, 'rules', op))
  if before then return nil, repeated(before, digest) end
  if not epoch or frozen then return nil, 'no event_rebuilding' end
  if not record then return nil, 'no hold_not_found' end
  local letter, fence, held_at, ends, owner, order, currency, places, prices, before_checkout = string.match(record, RECORD)
  if owner ~= buyer then return nil, 'no hold_not_found' end
  ends = tonumber(ends)
  if ends <= now then return nil, 'no hold_expired' end
  return {
    epoch = epoch, version = version, due = due, entry = entry, rules = rules,
    letter = letter, fence = fence, held_at = held_at, ends = ends, order = order, currency = currency, places = places,
    prices = prices, before_checkout = before_checkout,
  }
end

-- Writes the hold's record anew and returns it. `before_checkout`: of a paying one, its end without the checkout.
local function keep_record(state, buyer, id, hold, letter, ends, order, before_checkout)
  local record = table.concat(
    { letter, hold.fence, hold.held_at, ends, buyer, order, hold.currency, hold.places, hold.prices, before_checkout }, ' ')
  redis.call('HSET', state, '#' .. id, record)
  return record
end

-- Keeps the answer under its op, and returns it.
local function answer(state, op, digest, words)
  local reply = seconds .. digest .. words
  redis.call('HSET', state, op, reply)
  return reply
end
