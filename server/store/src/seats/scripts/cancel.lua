#!lua flags=allow-oom
-- cancel: sold to free, those of the places still sold under this fence. By the ledger's word only. I1 I2 I3 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 sold
-- ARGV 1 buyer 2 fence 3 places (ascending csv)
-- Returns 'ok <version> <places>' or 'no <code>'.
-- include: lib/map.lua
-- include: lib/holds.lua
local STATE, MAP, _, JOURNAL, _, _, SOLD = unpack(KEYS)
local BUYER, FENCE, PLACES = unpack(ARGV)
local epoch, version, frozen, entry = unpack(redis.call('HMGET', STATE, 'epoch', 'version', 'frozen', '@' .. BUYER))
if not epoch or frozen then return 'no event_rebuilding' end
local wanted, mine = numbers(PLACES), {}
for i = 1, #wanted, 1000 do
  local part = { unpack(wanted, i, math.min(i + 999, #wanted)) }
  local fences = redis.call('HMGET', SOLD, unpack(part))
  for k = 1, #part do if fences[k] == FENCE then mine[#mine + 1] = part[k] end end
end
if #mine == 0 then return 'no not_sold' end
local places = table.concat(mine, ',')
version = version + 1

paint(MAP, look(MAP, mine, 0), mine, SOLD_TO_FREE)
for i = 1, #mine, 1000 do redis.call('HDEL', SOLD, unpack(mine, i, math.min(i + 999, #mine))) end
redis.call('HSET', STATE, 'version', version)
if entry then keep_entry(STATE, BUYER, without_hold(entry, nil, #mine)) end
announce(JOURNAL, version, 1, transition(epoch, version, 'cancel', SHOWN_FREE, places, ''))
return 'ok ' .. version .. ' ' .. places
