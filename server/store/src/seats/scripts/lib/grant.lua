-- What a hold must meet whichever places it gets, and what a granted one leaves behind.
-- include: lib/clock.lua
-- include: lib/op.lua
-- include: lib/event.lua

-- The refusal, if the rules have one.
local function unfit(rules, now, revision, count)
  if now < rules.saleOpensAt then return 'no sale_not_open' end
  if now >= rules.saleClosesAt then return 'no sale_closed' end
  if revision ~= rules.priceRevision then return 'no price_changed' end
  if count > rules.maxPerHold then return 'no too_many_places' end
end

-- How many places the buyer of an entry has, and the entry's holds.
local function had(entry)
  if not entry then return 0, '' end
  local count, holds = string.match(entry, '^(%d+)(.*)$')
  return tonumber(count), holds
end

-- A granted hold's record, and the answer as it is kept under its op. All are words: to put a number into words costs 0.15 us, so
-- callers put each once.
local function granted(digest, version, hold, fence, held_at, ends, buyer, currency, places, prices)
  local record = 'h ' .. fence .. ' ' .. held_at .. ' ' .. ends .. ' ' .. buyer .. ' - ' .. currency .. ' ' .. places .. ' ' .. prices
  return record, seconds .. digest .. 'ok ' .. version .. ' ' .. hold .. ' ' .. record
end

-- The buyer's entry with the hold and its `count` places more.
local function with_hold(entry, count, hold)
  if not entry then return count .. ' ' .. hold end
  local before, holds = had(entry)
  return string.format('%d%s %s', before + count, holds, hold)
end

-- Grants a hold whose places are painted already: nothing here may fail. `keys` and `ask`: the script's KEYS and ARGV; `entry`: the
-- buyer's; places and prices as csv. Returns the answer.
local function grant(keys, ask, rules, epoch, version, due, fence, entry, places, prices)
  local STATE, _, EXPIRY, JOURNAL, DUE = unpack(keys)
  local DIGEST, BUYER, HOLD, OP, _, COUNT = unpack(ask, 1, 6)
  local ends = now + rules.holdMs
  version = version + 1
  local version_word, ends_word = string.format('%d', version), string.format('%d', ends)
  local fence_word, now_word
  if now_us > fence + 1 then
    fence_word = string.format('%d', now_us)
    now_word = string.sub(fence_word, 1, -4)
  else
    fence_word, now_word = string.format('%d', fence + 1), string.format('%d', now)
  end
  local record, answer =
    granted(DIGEST, version_word, HOLD, fence_word, now_word, ends_word, BUYER, rules.currency, places, prices)

  redis.call('HSET', STATE, 'version', version_word, 'fence', fence_word, '#' .. HOLD, record, '@' .. BUYER,
    with_hold(entry, COUNT, HOLD), OP, answer)
  redis.call('ZADD', EXPIRY, ends_word, HOLD)
  remind(STATE, DUE, due, ends)
  announce(JOURNAL, version, 1, transition(epoch, version_word, 'hold', SHOWN_HELD, places, HOLD .. ':' .. BUYER))
  return answer
end
