#!lua
-- block, unblock: free to blocked and back, all or nothing; those already there stay and are not returned. I1 I3 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 'block'|'unblock' 2 places (ascending csv)
-- Returns 'ok <version> [places]' or 'no <code> [places]'.
-- include: lib/clock.lua
-- include: lib/event.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
-- include: lib/expire.lua
local KIND = ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'epoch', 'version', 'frozen', 'rules')
if not s[1] or s[3] then return 'no event_rebuilding' end
local _, _, _, _, _, _, _, _, _, limit = struct.unpack('<dddddddddd', s[4])
local wanted, unknown = numbers(ARGV[2]), {}
for i = 1, #wanted do if wanted[i] >= limit then unknown[#unknown + 1] = wanted[i] end end
if #unknown > 0 then return 'no unknown_place ' .. table.concat(unknown, ',') end

local function changes()
  local list, taken = {}, {}
  local from_byte = KIND == 'block' and 102 or 98
  local windows = look(wanted, 0)
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local b = bytes[wanted[i] - from + 1]
      if b < 97 then b = b + 32 end
      if b == from_byte then list[#list + 1] = wanted[i]
      elseif b ~= 98 and b ~= 102 then taken[#taken + 1] = wanted[i] end
    end
  end
  return list, taken
end

local list, taken = changes()
if #taken > 0 and end_due(100) > 0 then
  s = redis.call('HMGET', KEYS[1], 'epoch', 'version')
  list, taken = changes()
end
if #taken > 0 then return 'no place_taken ' .. table.concat(taken, ',') end
if #list == 0 then return 'ok ' .. s[2] .. ' ' end
local version, places = s[2] + 1, table.concat(list, ',')

paint(look(list, 0), list, KIND == 'block' and -4 or 4)
redis.call('HSET', KEYS[1], 'version', version)
announce(s[1], version, KIND, KIND == 'block' and 3 or 0, places, '')
return 'ok ' .. version .. ' ' .. places
