-- The event's own fields. KEYS of every script that changes one: 1 state 2 map 3 expiry 4 journal 5 due 6 outbox.
-- Numbers of 15 digits and more must become words by '%d': `..` would round them, and it is slower.
-- include: lib/limits.lua

-- One transition's voice: the journal and the feed get the same words, the feed under the journal's name. The caller writes version into the state itself.
-- The journal's last entry is always the current version's, so an entry's place from the end tells its version.
local function announce(epoch, version, kind, code, places, ended)
  local words = epoch .. ' ' .. version .. ' ' .. kind .. ' ' .. code .. ' ' .. places .. ' ' .. ended
  redis.call('RPUSH', KEYS[4], words)
  if version % 256 == 0 then redis.call('LTRIM', KEYS[4], -JOURNAL, -1) end
  redis.call('SPUBLISH', KEYS[4], words)
end
