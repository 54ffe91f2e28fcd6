-- The `words` of the transition that made `version`: journal and feed get the same, the feed under the journal's name.
-- The journal's last entry is always the current version's, so an entry's place from the end tells its version.
redis.call('RPUSH', KEYS[4], words)
if version % 256 == 0 then redis.call('LTRIM', KEYS[4], -JOURNAL, -1) end
redis.call('SPUBLISH', KEYS[4], words)
