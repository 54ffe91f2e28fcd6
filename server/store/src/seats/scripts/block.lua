#!lua
-- block, unblock: free to blocked and back, all or nothing; those already there stay and are not returned. I1 I3 I5.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV 1 'block'|'unblock' 2 places (ascending csv)
-- Returns 'ok <version> [places]' or 'no <code> [places]'.
-- include: lib/named.lua
-- include: lib/overdue.lua
tick()
local STATE, MAP, _, JOURNAL = unpack(KEYS)
local KIND, PLACES = unpack(ARGV)
local epoch, version, frozen, packed = unpack(redis.call('HMGET', STATE, 'epoch', 'version', 'frozen', 'rules'))
if not epoch or frozen then return 'no event_rebuilding' end
local wanted = numbers(PLACES)
local beyond = unknown(wanted, rules_of(packed).places)
if beyond then return 'no unknown_place ' .. beyond end
local block = KIND == 'block'

-- Those to change, and those in the way.
local function changes()
  local list, taken = {}, {}
  local windows = look(MAP, wanted, 0)
  for w = 1, #windows do
    local from, bytes = windows[w][1], windows[w][4]
    for i = windows[w][2], windows[w][3] do
      local b = bytes[wanted[i] - from + 1]
      local free, blocked = b == FREE or b == FIRST_FREE, b == BLOCKED or b == FIRST_BLOCKED
      if block and free or not block and blocked then list[#list + 1] = wanted[i]
      elseif not free and not blocked then taken[#taken + 1] = wanted[i] end
    end
  end
  return list, taken
end

local list, taken = changes()
if #taken > 0 and end_due(KEYS, LAZILY) > 0 then
  version = redis.call('HGET', STATE, 'version')
  list, taken = changes()
end
if #taken > 0 then return 'no place_taken ' .. table.concat(taken, ',') end
if #list == 0 then return 'ok ' .. version .. ' ' end
local places = table.concat(list, ',')
version = version + 1

paint(MAP, look(MAP, list, 0), list, block and FREE_TO_BLOCKED or BLOCKED_TO_FREE)
redis.call('HSET', STATE, 'version', version)
announce(JOURNAL, version, 1, transition(epoch, version, KIND, block and SHOWN_BLOCKED or SHOWN_FREE, places, ''))
return 'ok ' .. version .. ' ' .. places
