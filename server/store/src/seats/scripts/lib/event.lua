-- The event's own fields. Numbers of 15 digits and more must become words by '%d': `..` would round them, and it is slower.
-- include: limits
-- include: lifecycle
-- include: rules

local function event_of(state)
  return string.match(state, '[^:]+$')
end

-- One transition's words, to journal and feed; the feed has the journal's name. `holds`: `<hold>:<buyer>,...` of those it is about.
-- The caller writes `version` into the state. The journal's last entry is always the current version's, so an entry's place from
-- the end tells its version.
local function announce(journal, epoch, version, kind, shown, places, holds)
  local words = epoch .. ' ' .. version .. ' ' .. kind .. ' ' .. shown .. ' ' .. places .. ' ' .. holds
  redis.call('RPUSH', journal, words)
  if version % 256 == 0 then redis.call('LTRIM', journal, -JOURNAL_LENGTH, -1) end
  redis.call('SPUBLISH', journal, words)
end

-- Keeps the partition's list `partition_due` of who has something ending soon: an entry is never later than the event's first hold to
-- end. `due`: what the entry says now, if there is one.
local function remind(state, partition_due, due, ends)
  if due and ends >= tonumber(due) then return end
  redis.call('ZADD', partition_due, ends, event_of(state))
  redis.call('HSET', state, 'due', ends)
end
