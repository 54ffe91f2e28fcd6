-- The event's own fields. KEYS of every script that changes one: 1 state 2 map 3 expiry 4 journal 5 due 6 outbox.
-- ARGV 1 feed channel, 2 event id, 3 journal length. Numbers over 14 digits must go through '%.0f': `..` would round them.
local FEED, EVENT, JOURNAL = ARGV[1], ARGV[2], ARGV[3]

-- One transition's voice: the journal and the feed get the same words. The caller writes version into the state itself.
local function announce(epoch, version, kind, code, places, ended)
  local words = epoch .. ' ' .. version .. ' ' .. kind .. ' ' .. code .. ' ' .. places .. ' ' .. ended
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', JOURNAL, version .. '-0', 't', words)
  redis.call('SPUBLISH', FEED, words)
end

-- What changed a hold but no map: in the journal only, beside the version it happened at.
local function note(version, kind, hold, fence)
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', JOURNAL, version .. '-*', kind, hold .. ' ' .. fence)
end

-- Keeps the partition's list of who has something ending soon: an entry is never later than the event's first hold to end.
local function remind(due, ends)
  if not due or ends < tonumber(due) then
    redis.call('ZADD', KEYS[5], ends, EVENT)
    redis.call('HSET', KEYS[1], 'due', ends)
  end
end
