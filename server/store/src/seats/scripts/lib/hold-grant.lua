-- Grants the places of `csv` for `prices`, all free and painted already: nothing here may fail.
local version, ends = string.format('%d', s[2] + 1), string.format('%d', now + hold_ms)
local fence = string.format('%d', math.max(s[5] + 1, now_us))
local record = 'h ' .. fence .. ' ' .. string.format('%d', now) .. ' ' .. ends .. ' ' .. BUYER .. ' - ' .. currency .. ' ' .. csv .. ' ' .. prices
local answer = seconds .. DIGEST .. 'ok ' .. version .. ' ' .. HOLD .. ' ' .. record
local has = string.format('%d%s %s', had + COUNT, others, HOLD)

redis.call('HSET', KEYS[1], 'version', version, 'fence', fence, '#' .. HOLD, record, '@' .. BUYER, has, OP, answer)
redis.call('ZADD', KEYS[3], ends, HOLD)
if not s[4] or now + hold_ms < tonumber(s[4]) then
  -- include: lib/remind.lua
  remind(s[4], now + hold_ms)
end
announce(s[1], version, 'hold', 1, csv, '')
return answer
