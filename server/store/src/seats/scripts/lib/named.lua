-- A wish for places named.
-- include: lib/map.lua
-- include: lib/orphans.lua

-- Those of the places that the map does not have; nil if it has them all. Ascending.
local function unknown(places, limit)
  if places[#places] < limit then return nil end
  local beyond = {}
  for i = 1, #places do if places[i] >= limit then beyond[#beyond + 1] = places[i] end end
  return table.concat(beyond, ',')
end

-- The usual wish is for places side by side in one run, all free, that leave nobody alone: their letters once they are held, nil for
-- any other wish. It needs no tables: 4 us less than the long way.
local function usual(map, rules, first, count, places_had)
  if first + count > rules.places or places_had + count > rules.maxPerBuyer then return nil end
  local from = first < 2 and 0 or first - 2
  local text, at = redis.call('GETRANGE', map, from, first + count + 1), first - from + 1
  local _, last = string.find(text, '^[Ff]f*', at)
  if not last or last < at + count - 1 then return nil end
  local head, left, right = string.byte(text, at), string.byte(text, at - 1), string.byte(text, at + count)
  local between = head == FREE and (left == FREE or left == FIRST_FREE) and right == FREE
  if rules.noOrphans == 1 and between
    and not (left == FREE and string.find(text, '^[Ff]') and string.byte(text, at + count + 1) == FREE) then return nil end
  return head == FREE and string.rep('h', count) or 'H' .. string.rep('h', count - 1)
end

-- The places' windows if all may be held, else nil, the refusal, and whether holds past their end may be why.
local function choose_named(map, rules, places, places_had)
  if places_had + #places > rules.maxPerBuyer then return nil, 'no buyer_limit', true end
  local windows = look(map, places, rules.noOrphans == 1 and 2 or 0)
  local taken, blocked
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local b = bytes[places[i] - from + 1]
      if b ~= FREE and b ~= FIRST_FREE then
        if b == BLOCKED or b == FIRST_BLOCKED then blocked = (blocked and blocked .. ',' or '') .. places[i]
        else taken = (taken and taken .. ',' or '') .. places[i] end
      end
    end
  end
  if taken then return nil, 'no place_taken ' .. taken, true end
  if blocked then return nil, 'no place_blocked ' .. blocked end
  if rules.noOrphans == 1 then
    local lonely = orphans(windows, places)
    if #lonely > 0 then return nil, 'no orphan_seat ' .. table.concat(lonely, ','), true end
  end
  return windows
end

-- Paints the places held if all may be; else the refusal, and whether holds past their end may be why. `csv`: the places; `first` of
-- them when they are side by side, else ''.
local function take_named(map, rules, count, csv, first, places_had)
  local letters = first ~= '' and usual(map, rules, tonumber(first), count, places_had)
  if letters then
    redis.call('SETRANGE', map, first, letters)
    return nil
  end
  local places = numbers(csv)
  local beyond = unknown(places, rules.places)
  if beyond then return 'no unknown_place ' .. beyond end
  local windows, no, stale = choose_named(map, rules, places, places_had)
  if no then return no, stale end
  paint(map, windows, places, FREE_TO_HELD)
end
