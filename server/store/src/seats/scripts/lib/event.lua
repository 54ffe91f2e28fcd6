-- The event's own fields. Numbers of 15 digits and more must become words by '%d': `..` would round them, and it is slower.
-- include: limits
-- include: lifecycle
-- include: rules

local function event_of(state)
  return string.match(state, '[^:]+$')
end

-- A transition's words. `shown`: what the map shows of its places now; `holds`: `<hold>:<buyer>,...` of those it is about.
local function transition(epoch, version, kind, shown, places, holds)
  return epoch .. ' ' .. version .. ' ' .. kind .. ' ' .. shown .. ' ' .. places .. ' ' .. holds
end

-- Words of `count` transitions, the last of which made `version`, to journal and feed; the feed has the journal's name, and all of them
-- in one message, a line each. The caller writes the version into the state. The journal's last entry is always the current
-- version's, so an entry's place from the end tells its version.
local function announce(journal, version, count, ...)
  redis.call('RPUSH', journal, ...)
  if version % 256 < count then redis.call('LTRIM', journal, -JOURNAL_LENGTH, -1) end
  redis.call('SPUBLISH', journal, count == 1 and ... or table.concat({ ... }, '\n'))
end

-- Keeps the partition's list `partition_due` of who has something ending soon: an entry is never later than the event's first hold to
-- end. `due`: what the entry says now, if there is one.
local function remind(state, partition_due, due, ends)
  if due and ends >= tonumber(due) then return end
  redis.call('ZADD', partition_due, ends, event_of(state))
  redis.call('HSET', state, 'due', ends)
end
