-- Holds past their end that the sweep has not met yet.
-- include: lib/map.lua
-- include: lib/holds.lua

-- Ends up to `limit` of them, first ended first, as one transition. Returns how many. `keys`: the script's own.
local function end_due(keys, limit)
  local STATE, MAP, EXPIRY, JOURNAL, _, OUTBOX = unpack(keys)
  local holds = redis.call('ZRANGE', EXPIRY, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)
  if #holds == 0 then return 0 end
  local fields = { 'epoch', 'version', 'frozen' }
  for i = 1, #holds do fields[i + 3] = '#' .. holds[i] end
  local found = redis.call('HMGET', STATE, unpack(fields))
  local epoch, _, frozen = unpack(found, 1, 3)
  if not epoch or frozen then return 0 end

  local held, paying, all, ended, buyers, lapses, gone = {}, {}, {}, {}, {}, {}, {}
  for i = 1, #holds do
    -- A stray member without a record must not stop the others from ending.
    local letter, _, _, _, buyer, order, _, places, prices = string.match(found[i + 3] or 'h 0 0 0 - - X , ,', RECORD)
    local list, of = letter == 'h' and held or paying, numbers(places)
    for k = 1, #of do
      list[#list + 1] = of[k]
      all[#all + 1] = of[k]
    end
    local entry = buyers[buyer] or redis.call('HGET', STATE, '@' .. buyer) or '0'
    buyers[buyer] = without_hold(entry, holds[i], #of) or '0'
    ended[i] = holds[i] .. ':' .. buyer
    gone[i] = '#' .. holds[i]
    if order ~= '-' then lapses[#lapses + 1] = { order, buyer, prices } end
  end
  table.sort(held)
  table.sort(paying)
  table.sort(all)

  paint(MAP, look(MAP, held, 0), held, HELD_TO_FREE)
  paint(MAP, look(MAP, paying, 0), paying, PAYING_TO_FREE)
  redis.call('HDEL', STATE, unpack(gone))
  redis.call('ZREM', EXPIRY, unpack(holds))
  for buyer, entry in pairs(buyers) do keep_entry(STATE, buyer, entry ~= '0' and entry) end
  for i = 1, #lapses do lapse(OUTBOX, event_of(STATE), unpack(lapses[i])) end
  local version = redis.call('HINCRBY', STATE, 'version', 1)
  announce(JOURNAL, version, 1, transition(epoch, version, 'expire', SHOWN_FREE, table.concat(all, ','), table.concat(ended, ',')))
  return #holds
end

-- I5: what stands in the way may have ended already. Ends it, a transition of its own, and says whether to look again. The event's
-- `due` is never later than its first hold to end, so most refusals need not ask for what is past its end (5 us).
local function cleared(keys, due)
  return due and tonumber(due) <= now and end_due(keys, LAZILY) > 0
end
