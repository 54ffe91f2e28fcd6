#!lua
-- hold: free to held, all or nothing, of the best places there are. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 digest 2 buyer 3 hold 4 `<buyer>:<op>` 5 price revision 6 how many places
--      7 'together'|'apart' 8 stretches 'first,count,price;...', best first
-- Returns 'ok <version> <hold> <record>' or 'no <code>'.
-- include: lib/clock.lua
-- include: lib/limits.lua
-- include: lib/op.lua
-- include: lib/windows.lua
-- include: lib/best.lua
-- include: lib/hold-checks.lua
-- include: lib/ended-some.lua
local places, windows, csv, prices

-- The refusal, and whether holds past their end may be why. Otherwise the places are found.
local function refusal()
  if had + COUNT > per_buyer then return 'no buyer_limit', true end
  if ARGV[7] == 'together' then
    local first, price = best_together(ARGV[8], COUNT, no_orphans == 1)
    if not first then
      local _, free = best_apart(ARGV[8], COUNT)
      return free >= COUNT and 'no not_together' or 'no not_enough_places', true
    end
    places = {}
    for i = 1, COUNT do places[i] = first + i - 1 end
    prices = price .. string.rep(',' .. price, COUNT - 1)
  else
    local picked, n = best_apart(ARGV[8], COUNT)
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

local no, stale = refusal()
if stale and ended_some() then no = refusal() end
if no then return no end
paint(windows, places, 2)
-- include: lib/hold-grant.lua
