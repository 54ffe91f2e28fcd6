-- Ends up to `limit` holds of the event that are past their end, first ended first, as one transition. Returns how many.
local function end_due(limit)
  local holds = redis.call('ZRANGE', KEYS[3], '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)
  if #holds == 0 then return 0 end
  local fields = { 'epoch', 'version', 'frozen' }
  for i = 1, #holds do fields[i + 3] = '#' .. holds[i] end
  local found = redis.call('HMGET', KEYS[1], unpack(fields))
  if not found[1] or found[3] then return 0 end

  local held, paying, all, ended, buyers, lapses, gone = {}, {}, {}, {}, {}, {}, {}
  for i = 1, #holds do
    -- A stray member without a record must not stop the others from ending.
    local state, _, _, _, buyer, order, _, places, prices = string.match(found[i + 3] or 'h 0 0 0 - - X , ,', RECORD)
    local list, of = state == 'h' and held or paying, numbers(places)
    for k = 1, #of do
      list[#list + 1] = of[k]
      all[#all + 1] = of[k]
    end
    local entry = buyers[buyer] or redis.call('HGET', KEYS[1], '@' .. buyer) or '0'
    buyers[buyer] = without_hold(entry, holds[i], #of) or '0'
    ended[i] = holds[i] .. ':' .. buyer
    gone[i] = '#' .. holds[i]
    if order ~= '-' then lapses[#lapses + 1] = { order, buyer, prices } end
  end
  table.sort(held)
  table.sort(paying)
  table.sort(all)

  paint(look(held, 0), held, HELD_TO_FREE)
  paint(look(paying, 0), paying, PAYING_TO_FREE)
  redis.call('HDEL', KEYS[1], unpack(gone))
  redis.call('ZREM', KEYS[3], unpack(holds))
  for buyer, entry in pairs(buyers) do keep_entry(buyer, entry ~= '0' and entry) end
  for i = 1, #lapses do lapse(unpack(lapses[i])) end
  local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
  announce(found[1], version, 'expire', 0, table.concat(all, ','), table.concat(ended, ','))
  return #holds
end
