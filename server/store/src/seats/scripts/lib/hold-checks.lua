-- What a hold must meet whichever places it gets, or the refusal. Leaves `s`, what the buyer has, and the rules.
local COUNT, ENTRY, RECORD_AT = tonumber(ARGV[6]), '@' .. BUYER, '#' .. HOLD
local s = redis.call('HMGET', KEYS[1], 'epoch', 'version', 'rules', 'due', 'fence', ENTRY, RECORD_AT, OP)
local before = s[8]
-- include: lib/repeated.lua
if not s[3] then return 'no event_rebuilding' end
if s[7] then return 'no op_conflict' end
local opens, closes, per_hold, per_buyer, hold_ms, _, _, revision, no_orphans, limit, currency = struct.unpack('<ddddddddddc3', s[3])
if now < opens then return 'no sale_not_open' end
if now >= closes then return 'no sale_closed' end
if tonumber(ARGV[5]) ~= revision then return 'no price_changed' end
if COUNT > per_hold then return 'no too_many_places' end
local had, others = 0, ''
if s[6] then had, others = string.match(s[6], '^(%d+)(.*)$') end
