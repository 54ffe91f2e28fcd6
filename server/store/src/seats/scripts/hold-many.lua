#!lua
-- hold-many: holds of one event, each judged by itself in the order given, as if they came one by one in the same instant. A refusal
-- touches no other. What they write leaves together: one HSET, ZADD, RPUSH and SPUBLISH. I1 I2 I3 I4 I5 I6 I7.
-- KEYS 1 state 2 map 3 expiry 4 journal 5 due 6 outbox
-- ARGV nine for each hold: as of hold, or as of hold-best and ''
-- Returns for each what those return.
-- include: lib/grant.lua
-- include: lib/named.lua
-- include: lib/best.lua
-- include: lib/overdue.lua
tick()
local STATE, MAP, EXPIRY, JOURNAL, DUE = unpack(KEYS)
local WORDS, EVENT_FIELDS, HOLD_FIELDS = 9, 5, 3

local fields = { 'epoch', 'version', 'rules', 'due', 'fence' }
for a = 1, #ARGV, WORDS do
  local n = #fields
  fields[n + 1], fields[n + 2], fields[n + 3] = '@' .. ARGV[a + 1], '#' .. ARGV[a + 2], ARGV[a + 3]
end
local found = redis.call('HMGET', STATE, unpack(fields))
local epoch, version, packed, due, fence = unpack(found, 1, EVENT_FIELDS)
version, fence = tonumber(version), tonumber(fence)
local rules = packed and rules_of(packed)
local ends = packed and now + rules.holdMs
local ends_word, now_word = string.format('%d', ends or 0), string.format('%d', now)

-- What was granted and is not written yet: by its field in the state (a hold's record, a buyer's entry, an op's answer), and in the
-- order of the commands that will write it.
local unwritten, set, endings, transitions = {}, {}, {}, {}

local function write()
  local count = #transitions
  if count == 0 then return end
  redis.call('HSET', STATE, 'version', string.format('%d', version), 'fence', string.format('%d', fence), unpack(set))
  redis.call('ZADD', EXPIRY, unpack(endings))
  remind(STATE, DUE, due, ends)
  announce(JOURNAL, version, count, unpack(transitions))
  unwritten, set, endings, transitions = {}, {}, {}, {}
end

-- I5, as for one hold: ends what is past its end, behind what this group has granted; says whether to look again.
local overdue = due and tonumber(due) <= now
local function cleared_here()
  if not overdue then return false end
  write()
  local ended = end_due(KEYS, LAZILY)
  overdue = ended == LAZILY
  found = redis.call('HMGET', STATE, unpack(fields))
  version = tonumber(found[2])
  return ended > 0
end

local function take(count, what, of, first, entry)
  local places_had = had(entry)
  if what == 'together' or what == 'apart' then return take_best(MAP, rules, count, what == 'together', of, places_had) end
  local no, stale = take_named(MAP, rules, count, what, first, places_had)
  return no, stale, what, of
end

-- The answer to the hold whose words begin at ARGV[a]; `f`: its fields begin at found[f].
local function judge(a, f)
  local DIGEST, BUYER, HOLD, OP, REVISION, COUNT, WHAT, OF, FIRST = unpack(ARGV, a, a + WORDS - 1)
  local entry_field, hold_field = fields[f], fields[f + 1]
  local before = unwritten[OP] or found[f + 2]
  if before then return repeated(before, DIGEST) end
  if not rules then return 'no event_rebuilding' end
  if unwritten[hold_field] or found[f + 1] then return 'no op_conflict' end
  local count = tonumber(COUNT)
  local no = unfit(rules, now, tonumber(REVISION), count)
  if no then return no end

  local entry = unwritten[entry_field] or found[f]
  local stale, places, prices
  no, stale, places, prices = take(count, WHAT, OF, FIRST, entry)
  if stale and cleared_here() then
    entry = found[f]
    no, stale, places, prices = take(count, WHAT, OF, FIRST, entry)
  end
  if no then return no end

  version, fence = version + 1, fence + 1
  if now_us > fence then fence = now_us end
  local version_word = string.format('%d', version)
  local record, answer = granted(DIGEST, version_word, HOLD, string.format('%d', fence), now_word, ends_word, BUYER,
    rules.currency, places, prices)
  entry = with_hold(entry, COUNT, HOLD)
  unwritten[hold_field], unwritten[entry_field], unwritten[OP] = record, entry, answer
  local n, m = #set, #endings
  set[n + 1], set[n + 2], set[n + 3], set[n + 4], set[n + 5], set[n + 6] =
    hold_field, record, entry_field, entry, OP, answer
  endings[m + 1], endings[m + 2] = ends_word, HOLD
  transitions[#transitions + 1] = transition(epoch, version_word, 'hold', SHOWN_HELD, places, HOLD .. ':' .. BUYER)
  return answer
end

local answers = {}
for i = 0, #ARGV / WORDS - 1 do
  answers[i + 1] = judge(i * WORDS + 1, i * HOLD_FIELDS + EVENT_FIELDS + 1)
end
write()
return answers
