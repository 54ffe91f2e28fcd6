-- Grants the places of `csv` for `prices`: all free. `side_by_side`: where to write which letters; else `places` through `windows`.
local version = s[2] + 1
local fence = string.format('%.0f', math.max(s[5] + 1, now_us))
local ends = now + hold_ms
local record = 'h ' .. fence .. ' ' .. now .. ' ' .. ends .. ' ' .. BUYER .. ' - ' .. currency .. ' ' .. csv .. ' ' .. prices
local count, others = 0, ''
if s[7] then count, others = string.match(s[7], '^(%d+)(.*)$') end

if side_by_side then redis.call('SETRANGE', KEYS[2], side_by_side, letters) else paint(windows, places, 2) end
redis.call('HSET', KEYS[1], 'version', version, 'fence', fence, '#' .. HOLD, record, '@' .. BUYER, (count + COUNT) .. others .. ' ' .. HOLD)
redis.call('ZADD', KEYS[3], ends, HOLD)
remind(s[4], ends)
announce(s[1], version, 'hold', 1, csv, '')
return answer('ok ' .. version .. ' ' .. HOLD .. ' ' .. record)
