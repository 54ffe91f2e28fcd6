-- Grants the places of `csv` for `prices`, all free and painted already: nothing here may fail.
-- include: lib/remind.lua
local version, ends = string.format('%d', s[2] + 1), string.format('%d', now + hold_ms)
local fence = string.format('%d', math.max(s[5] + 1, now_us))
local record = 'h ' .. fence .. ' ' .. string.format('%d', now) .. ' ' .. ends .. ' ' .. BUYER .. ' - ' .. currency .. ' ' .. csv .. ' ' .. prices
local count, others = 0, ''
if s[7] then count, others = string.match(s[7], '^(%d+)(.*)$') end

redis.call('HSET', KEYS[1], 'version', version, 'fence', fence, '#' .. HOLD, record, '@' .. BUYER, (count + COUNT) .. others .. ' ' .. HOLD)
redis.call('ZADD', KEYS[3], ends, HOLD)
remind(s[4], now + hold_ms)
announce(s[1], version, 'hold', 1, csv, '')
return answer('ok ' .. version .. ' ' .. HOLD .. ' ' .. record)
