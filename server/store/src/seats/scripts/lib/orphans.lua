-- Seats that would be left alone if `places` of the `windows` were taken; the windows show two places more at either side. A block
-- of chosen seats may leave one beside it only when the seat at its other side is not free: then every choice of that many in the
-- gap leaves one, and refusing would make the gap's last seats unsaleable.
-- include: lifecycle
local function orphans(windows, places)
  local found = {}
  for w = 1, #windows do
    local from, bytes, last = windows[w][1], windows[w][4], windows[w][3]
    local mine = {}
    for i = windows[w][2], last do mine[places[i] - from + 1] = true end
    local function free(k)
      local b = bytes[k]
      return (b == FREE or b == FIRST_FREE) and not mine[k]
    end
    local function starts(k)
      local b = bytes[k]
      return b == nil or b < FIRST_BELOW
    end
    local i = windows[w][2]
    while i <= last do
      local a = places[i] - from + 1
      local z = a
      while i < last and places[i + 1] - from == z and not starts(z + 1) do i, z = i + 1, z + 1 end
      local left, right = not starts(a) and free(a - 1), not starts(z + 1) and free(z + 1)
      if left and right then
        if (starts(a - 1) or not free(a - 2)) and found[#found] ~= from + a - 2 then found[#found + 1] = from + a - 2 end
        if starts(z + 2) or not free(z + 2) then found[#found + 1] = from + z end
      end
      i = i + 1
    end
  end
  return found
end
