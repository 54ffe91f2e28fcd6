-- Grants the places of `csv` for `prices`, all free and painted already: nothing here may fail. To put a number into words costs
-- 0.15 us, so each is put once.
local version, ends, fence = s[2] + 1, now + hold_ms, s[5] + 1
if now_us > fence then fence = now_us end
local version_word, ends_word, fence_word = string.format('%d', version), string.format('%d', ends), string.format('%d', fence)
local now_word = fence == now_us and string.sub(fence_word, 1, -4) or string.format('%d', now)
local record = 'h ' .. fence_word .. ' ' .. now_word .. ' ' .. ends_word .. ' ' .. BUYER .. ' - ' .. currency .. ' ' .. csv .. ' ' .. prices
local answer = seconds .. DIGEST .. 'ok ' .. version_word .. ' ' .. HOLD .. ' ' .. record
local has = s[6] and string.format('%d%s %s', had + COUNT, others, HOLD) or ARGV[6] .. ' ' .. HOLD

redis.call('HSET', KEYS[1], 'version', version_word, 'fence', fence_word, RECORD_AT, record, ENTRY, has, OP, answer)
redis.call('ZADD', KEYS[3], ends_word, HOLD)
if not s[4] or ends < tonumber(s[4]) then
  -- include: lib/remind.lua
  remind(s[4], ends)
end
local words = s[1] .. ' ' .. version_word .. ' hold 1 ' .. csv .. ' ' .. HOLD .. ':' .. BUYER
-- include: lib/say.lua
return answer
