-- The event's own fields. KEYS of every script that changes one: 1 state 2 map 3 expiry 4 journal 5 due 6 outbox.
-- Numbers of 15 digits and more must become words by '%d': `..` would round them, and it is slower.
-- include: lib/limits.lua

-- One transition's voice. `holds`: `<hold>:<buyer>,...` of those it is about. The caller writes version into the state itself.
local function announce(epoch, version, kind, code, places, holds)
  local words = epoch .. ' ' .. version .. ' ' .. kind .. ' ' .. code .. ' ' .. places .. ' ' .. holds
  -- include: lib/say.lua
end
