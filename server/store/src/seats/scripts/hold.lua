#!lua
-- hold: free to held, all or nothing; the places are named or found (best available). I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 op
-- ARGV 1 feed 2 event 3 journal length 4 digest 5 op ms 6 buyer 7 hold 8 price revision 9 how many places
--      10 'places' 11 places (ascending csv) 12 their prices (csv)
--      10 'together'|'apart' 11 stretches 'first,count,price;...'
-- Returns 'ok <version> <hold> <record>' or 'no <code> [places]'.
-- include: lib/op.lua
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/windows.lua
-- include: lib/holds.lua
-- include: lib/expire.lua
-- include: lib/rules.lua
-- include: lib/best.lua
local COUNT, HOW = tonumber(ARGV[9]), ARGV[10]

-- 20 us for the first of an event whose holds ended unswept; the sweeper takes the rest.
local LAZILY = 100

local function read()
  return redis.call('HMGET', KEYS[1], 'epoch', 'version', 'frozen', 'due', 'fence', 'places', 'rules', 'currency', '@' .. BUYER, '#' .. HOLD)
end
local s = read()
if not s[1] or s[3] then return 'no event_rebuilding' end
if s[10] then return 'no op_conflict' end
local opens, closes, per_hold, per_buyer, hold_ms, _, _, revision, no_orphans = unpack_rules(s[7])
if now < opens then return 'no sale_not_open' end
if now >= closes then return 'no sale_closed' end
if tonumber(ARGV[8]) ~= revision then return 'no price_changed' end
if COUNT > per_hold then return 'no too_many_places' end

local places, csv, prices, windows = nil, ARGV[11], ARGV[12], nil
if HOW == 'places' then
  places = numbers(csv)
  local limit = tonumber(s[6])
  if places[COUNT] >= limit then
    local unknown = {}
    for i = 1, COUNT do if places[i] >= limit then unknown[#unknown + 1] = places[i] end end
    return 'no unknown_place ' .. table.concat(unknown, ',')
  end
end

-- Seats next to the wanted ones that would be left alone in their run.
local function orphans()
  local mine, found = {}, {}
  for i = 1, COUNT do mine[places[i]] = true end
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    local function free(p)
      local b = bytes[p - from + 1]
      return (b == 102 or b == 70) and not mine[p]
    end
    local function starts(p)
      local b = bytes[p - from + 1]
      return b == nil or b < 97
    end
    for i = windows[w][2], windows[w][3] do
      local p = places[i]
      local left, right = p - 1, p + 1
      if not starts(p) and free(left) and (starts(left) or not free(left - 1)) and found[#found] ~= left then
        found[#found + 1] = left
      end
      if not starts(right) and free(right) and (starts(right + 1) or not free(right + 1)) then found[#found + 1] = right end
    end
  end
  return found
end

local function named()
  windows = look(places, no_orphans == 1 and 2 or 0)
  local taken, blocked
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local b = bytes[places[i] - from + 1]
      if b ~= 102 and b ~= 70 then
        if b == 98 or b == 66 then
          blocked = blocked and blocked .. ',' .. places[i] or places[i]
        else
          taken = taken and taken .. ',' .. places[i] or places[i]
        end
      end
    end
  end
  if taken then return 'no place_taken ' .. taken, true end
  if blocked then return 'no place_blocked ' .. blocked end
  if no_orphans == 1 then
    local lonely = orphans()
    if #lonely > 0 then return 'no orphan_seat ' .. table.concat(lonely, ','), true end
  end
end

local function found()
  if HOW == 'together' then
    local first, price = best_together(ARGV[11], COUNT, no_orphans == 1)
    if not first then
      local _, free = best_apart(ARGV[11], COUNT)
      return free >= COUNT and 'no not_together' or 'no not_enough_places', true
    end
    places = {}
    for i = 1, COUNT do places[i] = first + i - 1 end
    prices = price .. string.rep(',' .. price, COUNT - 1)
  else
    local picked, n = best_apart(ARGV[11], COUNT)
    if n < COUNT then return 'no not_enough_places', true end
    table.sort(picked, function(a, b) return a[1] < b[1] end)
    places = {}
    local of = {}
    for i = 1, n do places[i], of[i] = picked[i][1], picked[i][2] end
    prices = table.concat(of, ',')
  end
  csv = table.concat(places, ',')
  windows = look(places, 0)
end

local function refusal()
  if s[9] and tonumber(string.match(s[9], '^%d+')) + COUNT > per_buyer then return 'no buyer_limit', true end
  if COUNT > per_buyer then return 'no buyer_limit' end
  if HOW == 'places' then return named() else return found() end
end

local no, stale = refusal()
-- I5: what stands in the way may have ended already, unswept: end it (a transition of its own) and look again.
if stale and end_due(LAZILY) > 0 then
  s = read()
  no = refusal()
end
if no then return no end

local version = s[2] + 1
local fence = string.format('%.0f', math.max(s[5] + 1, now_us))
local ends = now + hold_ms
local record = 'h ' .. fence .. ' ' .. now .. ' ' .. ends .. ' ' .. BUYER .. ' - ' .. s[8] .. ' ' .. csv .. ' ' .. prices
local count, others = 0, ''
if s[9] then count, others = string.match(s[9], '^(%d+)(.*)$') end

paint(windows, places, 2)
redis.call('HSET', KEYS[1], 'version', version, 'fence', fence, '#' .. HOLD, record, '@' .. BUYER, (count + COUNT) .. others .. ' ' .. HOLD)
redis.call('ZADD', KEYS[3], ends, HOLD)
remind(s[4], ends)
announce(s[1], version, 'hold', 1, csv, '')
return answer('ok ' .. version .. ' ' .. HOLD .. ' ' .. record)
