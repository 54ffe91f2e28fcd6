-- A hold's record: `<h|p> <fence> <heldAt> <expiresAt> <buyer> <order|-> <currency> <places> <prices> [<before>]`, h held, p paying;
-- `before`: when it would have ended without its checkout, while paying.
-- A buyer's entry: `<places had> <live hold>...`.
-- include: lib/clock.lua
-- include: lib/op.lua
-- include: lib/event.lua
local RECORD = '^(%a) (%d+) (%d+) (%d+) (%S+) (%S+) (%a+) (%S+) (%S+) ?(%d*)$'

-- The entry without the hold (nil: with all of them), and with `fewer` places had less; false when nothing is left of it.
local function without_hold(entry, hold, fewer)
  local count, rest = string.match(entry, '^(%d+)(.*)$')
  count = count - fewer
  local at, last = nil, nil
  if hold then at, last = string.find(rest, ' ' .. hold, 1, true) end
  if at then rest = string.sub(rest, 1, at - 1) .. string.sub(rest, last + 1) end
  if count <= 0 and rest == '' then return false end
  return math.max(count, 0) .. rest
end

local function keep_entry(state, buyer, entry)
  if entry then redis.call('HSET', state, '@' .. buyer, entry) else redis.call('HDEL', state, '@' .. buyer) end
end

-- If the hold was in checkout and not for nothing, whatever was authorised for its order must be voided: it ended without a purchase.
local function lapse(outbox, event, order, buyer, prices)
  if order == '-' or not string.find(prices, '[1-9]') then return end
  redis.call('XADD', outbox, '*', 'kind', 'lapse', 'event', event, 'order', order, 'buyer', buyer)
end
