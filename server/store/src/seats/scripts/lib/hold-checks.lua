-- What a hold must meet whichever places it gets, or the refusal. Leaves `s` (see read) and the rules.
local COUNT = tonumber(ARGV[7])
local function read()
  return redis.call('HMGET', KEYS[1], 'epoch', 'version', 'frozen', 'due', 'fence', 'rules', '@' .. BUYER, '#' .. HOLD)
end
local s = read()
if not s[1] or s[3] then return 'no event_rebuilding' end
if s[8] then return 'no op_conflict' end
local opens, closes, per_hold, per_buyer, hold_ms, _, _, revision, no_orphans, limit, currency = struct.unpack('<ddddddddddc3', s[6])
if now < opens then return 'no sale_not_open' end
if now >= closes then return 'no sale_closed' end
if tonumber(ARGV[6]) ~= revision then return 'no price_changed' end
if COUNT > per_hold then return 'no too_many_places' end

local function over_limit()
  return COUNT + (s[7] and string.match(s[7], '^%d+') or 0) > per_buyer
end

-- I5: what stands in the way may have ended already, unswept: ends it, a transition of its own, and says whether to look again.
-- The includes stand inside so that a hold that meets nothing does not pay for their closures.
local function ended_some()
  -- include: lib/windows.lua
  -- include: lib/numbers.lua
  -- include: lib/holds.lua
  -- include: lib/expire.lua
  if end_due(100) == 0 then return false end
  s = read()
  return true
end
