-- I5: what stands in the way may have ended already, unswept: ends it, a transition of its own, and says whether to look again.
-- `due` is never later than the first hold to end, so most refusals need not ask for what is due (5 us).
local function ended_some()
  if not s[4] or tonumber(s[4]) > now then return false end
  -- include: lib/event.lua
  -- include: lib/windows.lua
  -- include: lib/numbers.lua
  -- include: lib/holds.lua
  -- include: lib/expire.lua
  if end_due(100) == 0 then return false end
  local left = redis.call('HMGET', KEYS[1], 'version', ENTRY)
  s[2], s[6], had, others = left[1], left[2], 0, ''
  if s[6] then had, others = string.match(s[6], '^(%d+)(.*)$') end
  return true
end
