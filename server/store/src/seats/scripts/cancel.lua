#!lua flags=allow-oom
-- cancel: sold to free, those of the places still sold under this fence. By the ledger's word only. I1 I2 I3 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox 7 sold
-- ARGV 1 buyer 2 fence 3 places (ascending csv)
-- Returns 'ok <version> <places>' or 'no <code>'.
-- include: lib/event.lua
-- include: lib/windows.lua
-- include: lib/numbers.lua
-- include: lib/holds.lua
local s = redis.call('HMGET', KEYS[1], 'epoch', 'version', 'frozen', '@' .. ARGV[1])
if not s[1] or s[3] then return 'no event_rebuilding' end
local wanted, mine = numbers(ARGV[3]), {}
for i = 1, #wanted, 1000 do
  local part = { unpack(wanted, i, math.min(i + 999, #wanted)) }
  local fences = redis.call('HMGET', KEYS[7], unpack(part))
  for k = 1, #part do if fences[k] == ARGV[2] then mine[#mine + 1] = part[k] end end
end
if #mine == 0 then return 'no not_sold' end
local version, places = s[2] + 1, table.concat(mine, ',')

paint(look(mine, 0), mine, -13)
for i = 1, #mine, 1000 do redis.call('HDEL', KEYS[7], unpack(mine, i, math.min(i + 999, #mine))) end
redis.call('HSET', KEYS[1], 'version', version)
if s[4] then keep_entry(ARGV[1], without_hold(s[4], nil, #mine)) end
announce(s[1], version, 'cancel', 0, places, '')
return 'ok ' .. version .. ' ' .. places
