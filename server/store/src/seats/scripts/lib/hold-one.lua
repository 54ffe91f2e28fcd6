-- A hold that comes alone, whichever places it asks for.
-- include: lib/grant.lua
-- include: lib/overdue.lua

-- `keys` and `ask`: the script's KEYS and ARGV. `take(rules, count, entry)` paints the places held and returns nil, nil, them and their
-- prices (csv); or the refusal, and whether holds past their end may be why. Returns the answer.
local function hold_one(keys, ask, take)
  local STATE = keys[1]
  local DIGEST, BUYER, HOLD, OP, REVISION, COUNT = unpack(ask, 1, 6)
  local count = tonumber(COUNT)
  local epoch, version, packed, due, fence, entry, record, before =
    unpack(redis.call('HMGET', STATE, 'epoch', 'version', 'rules', 'due', 'fence', '@' .. BUYER, '#' .. HOLD, OP))
  if before then return repeated(before, DIGEST) end
  if not packed then return 'no event_rebuilding' end
  if record then return 'no op_conflict' end
  local rules = rules_of(packed)
  local no = unfit(rules, now, tonumber(REVISION), count)
  if no then return no end

  local stale, places, prices
  no, stale, places, prices = take(rules, count, entry)
  if stale and cleared(keys, due) then
    version, entry = unpack(redis.call('HMGET', STATE, 'version', '@' .. BUYER))
    no, stale, places, prices = take(rules, count, entry)
  end
  return no or grant(keys, ask, rules, epoch, version, due, fence, entry, places, prices)
end
