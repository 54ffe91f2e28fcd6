-- '3,14,15' as a list.
local function numbers(csv)
  local list, n = {}, 0
  for digits in string.gmatch(csv, '%d+') do
    n = n + 1
    list[n] = tonumber(digits)
  end
  return list
end
