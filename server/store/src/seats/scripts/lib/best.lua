-- A wish for the best there are. `stretches` is 'first,count,price;...', best first, read only as far as needed.
-- include: lib/map.lua
local ONE_FREE = '[Ff]'

-- An iterator over the stretches: the letters from two places before its first to two behind its last, how many of those lead
-- (0..2), first, count, price. Stretches that lie near each other cost one GETRANGE together.
local function each_stretch(map, stretches)
  local SPAN = 4096
  local next_one = string.gmatch(stretches, '(%d+),(%d+),(%d+)')
  local page, page_from = '', 0
  return function()
    local first, count, price = next_one()
    if not first then return nil end
    first, count = tonumber(first), tonumber(count)
    local from, to = math.max(first - 2, 0), first + count + 1
    if from < page_from or to >= page_from + #page then
      page_from = from
      page = redis.call('GETRANGE', map, from, math.max(to, from + SPAN - 1))
    end
    return string.sub(page, from - page_from + 1, to - page_from + 1), first - from, first, count, price
  end
end

-- Would taking text[at..at+k-1] leave a seat next to it alone, though the other side is free? Letters below 'a' start a run.
local function strands(text, at, k)
  local function free(i)
    local b = string.byte(text, i)
    return b == FREE or b == FIRST_FREE
  end
  local function starts(i)
    local b = string.byte(text, i)
    return b == nil or b < FIRST_BELOW
  end
  if starts(at) or not free(at - 1) or starts(at + k) or not free(at + k) then return false end
  return starts(at - 1) or not free(at - 2) or starts(at + k + 1) or not free(at + k + 1)
end

-- Where k free places of one run lie side by side, nearest the middle of the stretch (ties: the higher), 1-based in text.
-- Second answer: the same, but one that strands no seat, where `kind` asks for that.
local function nearest(text, lead, count, k, kind)
  local seg = string.sub(text, lead + 1, lead + count)
  count = #seg
  if count < k then return nil end
  local middle = math.floor((count - k) / 2) + 1
  local function pick(good)
    local right = string.find(seg, ONE_FREE .. string.rep('f', k - 1), middle)
    while right and not good(right) do right = string.find(seg, ONE_FREE .. string.rep('f', k - 1), right + 1) end
    if right == middle then return right end
    -- The way to the left is the way to the right of the mirrored letters: a start s there is count - s - k + 2.
    local mirrored, pattern = string.reverse(seg), string.rep('f', k - 1) .. ONE_FREE
    local left = string.find(mirrored, pattern, count - k - middle + 3)
    while left and not good(count - left - k + 2) do left = string.find(mirrored, pattern, left + 1) end
    left = left and count - left - k + 2
    if not left then return right end
    if not right or middle - left < right - middle then return left end
    return right
  end
  local any = pick(function() return true end)
  if not any or not kind then return any, any end
  if not strands(text, lead + any, k) then return any, any end
  return any, pick(function(at) return not strands(text, lead + at, k) end)
end

-- k places side by side: first place and price; nil when there are none.
local function best_together(map, stretches, k, kind)
  local fallback, fallback_price
  for text, lead, first, count, price in each_stretch(map, stretches) do
    local any, good = nearest(text, lead, count, k, kind)
    if good then return first + good - 1, price end
    if any and not fallback then fallback, fallback_price = first + any - 1, price end
  end
  return fallback, fallback_price
end

-- The first k free places of the stretches, wherever: {place, price} each. Fewer when there are fewer.
local function best_apart(map, stretches, k)
  local picked, n, seen = {}, 0, {}
  for text, lead, first, count, price in each_stretch(map, stretches) do
    local at, last = lead, math.min(lead + count, #text)
    while n < k do
      at = string.find(text, ONE_FREE, at + 1)
      if not at or at > last then break end
      local place = first + at - lead - 1
      if not seen[place] then
        seen[place] = true
        n = n + 1
        picked[n] = { place, price }
      end
    end
    if n == k then break end
  end
  return picked, n
end

-- Paints the best places held and gives them and their prices (csv) behind a nil; or the refusal, and whether holds past their end may
-- be why.
local function take_best(map, rules, count, together, stretches, places_had)
  if places_had + count > rules.maxPerBuyer then return 'no buyer_limit', true end
  local places, prices = {}, nil
  if together then
    local first, price = best_together(map, stretches, count, rules.noOrphans == 1)
    if not first then
      local _, free = best_apart(map, stretches, count)
      return free >= count and 'no not_together' or 'no not_enough_places', true
    end
    for i = 1, count do places[i] = first + i - 1 end
    prices = price .. string.rep(',' .. price, count - 1)
  else
    local picked, n = best_apart(map, stretches, count)
    if n < count then return 'no not_enough_places', true end
    table.sort(picked, function(a, b) return a[1] < b[1] end)
    local of = {}
    for i = 1, n do places[i], of[i] = picked[i][1], picked[i][2] end
    prices = table.concat(of, ',')
  end
  paint(map, look(map, places, 0), places, FREE_TO_HELD)
  return nil, false, table.concat(places, ','), prices
end
