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

-- The places' windows if all may be held, else nil, the refusal, and whether holds past their end may be why.
local function choose_named(map, rules, places, places_had)
  if places_had + #places > rules.maxPerBuyer then return nil, 'no buyer_limit', true end
  local windows = look(map, places, rules.noOrphans == 1 and 2 or 0)
  local taken, blocked = {}, {}
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local b = bytes[places[i] - from + 1]
      if b ~= FREE and b ~= FIRST_FREE then
        local list = (b == BLOCKED or b == FIRST_BLOCKED) and blocked or taken
        list[#list + 1] = places[i]
      end
    end
  end
  if #taken > 0 then return nil, 'no place_taken ' .. table.concat(taken, ','), true end
  if #blocked > 0 then return nil, 'no place_blocked ' .. table.concat(blocked, ',') end
  if rules.noOrphans == 1 then
    local lonely = orphans(windows, places)
    if #lonely > 0 then return nil, 'no orphan_seat ' .. table.concat(lonely, ','), true end
  end
  return windows
end
