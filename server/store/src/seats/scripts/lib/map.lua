-- The map: one letter a place, `f` free, upper case where a run starts (see keys.ts). Letters and steps are the lifecycle's.
-- include: lifecycle

-- '3,14,15' as a list.
local function numbers(csv)
  local list, n = {}, 0
  for digits in string.gmatch(csv, '%d+') do
    n = n + 1
    list[n] = tonumber(digits)
  end
  return list
end

-- The map around some places: near ones share one GETRANGE, and one SETRANGE when painted. A window is {from, i, j, bytes}: the
-- bytes from place `from` on, for places[i..j], and of `margin` places more at either side. `places` ascending.
local function look(map, places, margin)
  local NEAR, WIDEST = 64, 2000
  local windows, i, n = {}, 1, #places
  while i <= n do
    local j = i
    while j < n and places[j + 1] - places[j] <= NEAR and places[j + 1] - places[i] < WIDEST do j = j + 1 end
    local from = places[i] - margin
    if from < 0 then from = 0 end
    local text = redis.call('GETRANGE', map, from, places[j] + margin)
    windows[#windows + 1] = { from, i, j, { string.byte(text, 1, -1) } }
    i = j + 1
  end
  return windows
end

-- All `places` must be in one state; `step` is the way from its letter to the next one's, which keeps the case.
local function paint(map, windows, places, step)
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local k = places[i] - from + 1
      bytes[k] = bytes[k] + step
    end
    redis.call('SETRANGE', map, from, string.char(unpack(bytes)))
  end
end
