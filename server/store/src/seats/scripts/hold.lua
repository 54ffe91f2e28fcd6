#!lua
-- hold: free to held, all or nothing, of places named. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 price revision 6 how many places
--      7 places (ascending csv) 8 their prices (csv) 9 the first of them when they are side by side, else ''
-- Returns 'ok <version> <hold> <record>' or 'no <code> [places]'.
-- include: lib/clock.lua
-- include: lib/limits.lua
-- include: lib/op.lua
-- include: lib/hold-checks.lua
local csv, prices, first = ARGV[7], ARGV[8], tonumber(ARGV[9])

-- The usual wish, side by side in one run, free, nobody left alone, needs no tables: 4 us less. Anything else goes the long way.
local letters
if first and first + COUNT <= limit and had + COUNT <= per_buyer then
  local from = first < 2 and 0 or first - 2
  local text, at = redis.call('GETRANGE', KEYS[2], from, first + COUNT + 1), first - from + 1
  local _, free = string.find(text, '^[Ff]f*', at)
  if free and free >= at + COUNT - 1 then
    local head, left, right = string.byte(text, at), string.byte(text, at - 1), string.byte(text, at + COUNT)
    local between = head == 102 and (left == 102 or left == 70) and right == 102
    if no_orphans == 0 or not between
      or left == 102 and string.find(text, '^[Ff]') and string.byte(text, at + COUNT + 1) == 102 then
      letters = head == 102 and string.rep('h', COUNT) or 'H' .. string.rep('h', COUNT - 1)
    end
  end
end

if letters then
  redis.call('SETRANGE', KEYS[2], first, letters)
else
  -- include: lib/windows.lua
  -- include: lib/numbers.lua
  -- include: lib/ended-some.lua
  local places, windows = numbers(csv), nil
  if places[COUNT] >= limit then
    local unknown = {}
    for i = 1, COUNT do if places[i] >= limit then unknown[#unknown + 1] = places[i] end end
    return 'no unknown_place ' .. table.concat(unknown, ',')
  end

  -- The refusal, and whether holds past their end may be why.
  local function refusal()
    if had + COUNT > per_buyer then return 'no buyer_limit', true end
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
      -- include: lib/orphans.lua
      local lonely = orphans(windows, places)
      if #lonely > 0 then return 'no orphan_seat ' .. table.concat(lonely, ','), true end
    end
  end

  local no, stale = refusal()
  if stale and ended_some() then no = refusal() end
  if no then return no end
  paint(windows, places, 2)
end
-- include: lib/hold-grant.lua
