-- The map around some places: near ones share one GETRANGE, and one SETRANGE when painted. A window is {from, i, j, bytes}: the
-- bytes from place `from` on, for places[i..j]. `places` ascending. Bytes: f 102 F 70 (free), the same letter by +-32.
local NEAR, WIDEST = 64, 2000
local function look(places, margin)
  local windows, i, n = {}, 1, #places
  while i <= n do
    local j = i
    while j < n and places[j + 1] - places[j] <= NEAR and places[j + 1] - places[i] < WIDEST do j = j + 1 end
    local from = places[i] - margin
    if from < 0 then from = 0 end
    local text = redis.call('GETRANGE', KEYS[2], from, places[j] + margin)
    windows[#windows + 1] = { from, i, j, { string.byte(text, 1, -1) } }
    i = j + 1
  end
  return windows
end

-- All `places` must be in one state; `step` is the way from its letter to the next one's, which keeps the case.
local function paint(windows, places, step)
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local k = places[i] - from + 1
      bytes[k] = bytes[k] + step
    end
    redis.call('SETRANGE', KEYS[2], from, string.char(unpack(bytes)))
  end
end
