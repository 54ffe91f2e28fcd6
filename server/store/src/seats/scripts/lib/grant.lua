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

-- The usual wish is for places side by side in one run, all free, that leave nobody alone. Their letters once they are held; nil for
-- any other wish. It needs no tables: 4 us less than the long way of lib/named.lua.
local function usual(map, rules, first, count, places_had)
  if first + count > rules.places or places_had + count > rules.maxPerBuyer then return nil end
  local from = first < 2 and 0 or first - 2
  local text, at = redis.call('GETRANGE', map, from, first + count + 1), first - from + 1
  local _, last = string.find(text, '^[Ff]f*', at)
  if not last or last < at + count - 1 then return nil end
  local head, left, right = string.byte(text, at), string.byte(text, at - 1), string.byte(text, at + count)
  local between = head == FREE and (left == FREE or left == FIRST_FREE) and right == FREE
  if rules.noOrphans == 1 and between
    and not (left == FREE and string.find(text, '^[Ff]') and string.byte(text, at + count + 1) == FREE) then return nil end
  return head == FREE and string.rep('h', count) or 'H' .. string.rep('h', count - 1)
end

-- Grants `places` for `prices` (csv), all free and painted already: nothing here may fail. `keys` and `ask`: the script's KEYS and
-- ARGV; `entry`: the buyer's. To put a number into words costs 0.15 us, so each is put once. Returns the answer.
local function grant(keys, ask, rules, epoch, version, due, fence, entry, places, prices)
  local STATE, _, EXPIRY, JOURNAL, DUE = unpack(keys)
  local DIGEST, BUYER, HOLD, OP, _, COUNT = unpack(ask)
  local ends = now + rules.holdMs
  local version_word, ends_word = string.format('%d', version + 1), string.format('%d', ends)
  local fence_word, now_word
  if now_us > fence + 1 then
    fence_word = string.format('%d', now_us)
    now_word = string.sub(fence_word, 1, -4)
  else
    fence_word, now_word = string.format('%d', fence + 1), string.format('%d', now)
  end
  local record = 'h ' .. fence_word .. ' ' .. now_word .. ' ' .. ends_word .. ' ' .. BUYER .. ' - ' .. rules.currency .. ' ' .. places .. ' ' .. prices
  local answer = seconds .. DIGEST .. 'ok ' .. version_word .. ' ' .. HOLD .. ' ' .. record
  local count, holds = had(entry)
  local has = entry and string.format('%d%s %s', count + COUNT, holds, HOLD) or COUNT .. ' ' .. HOLD

  redis.call('HSET', STATE, 'version', version_word, 'fence', fence_word, '#' .. HOLD, record, '@' .. BUYER, has, OP, answer)
  redis.call('ZADD', EXPIRY, ends_word, HOLD)
  remind(STATE, DUE, due, ends)
  announce(JOURNAL, epoch, version_word, 'hold', SHOWN_HELD, places, HOLD .. ':' .. BUYER)
  return answer
end
