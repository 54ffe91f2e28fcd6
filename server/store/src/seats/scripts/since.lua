#!lua flags=no-writes
-- since: the transitions after a version, without gaps.
-- KEYS 1 state 2 journal   ARGV 1 epoch 2 version   Returns their words in order; nil for another epoch or when the journal lost some.
local s = redis.call('HMGET', KEYS[1], 'epoch', 'version')
if s[1] ~= ARGV[1] or tonumber(ARGV[2]) > tonumber(s[2]) then return false end
local after = ARGV[2] + 1
local entries, words = redis.call('XRANGE', KEYS[2], after .. '-0', '+'), {}
for i = 1, #entries do
  if entries[i][2][1] == 't' then words[#words + 1] = entries[i][2][2] end
end
if #words ~= s[2] - ARGV[2] then return false end
return words
