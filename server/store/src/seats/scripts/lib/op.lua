-- I4: a repeat of an op gets the first answer, another command under it is refused. ARGV 1 digest of the command (16 characters),
-- 2 buyer, 3 hold, 4 `<buyer>:<op>`. Refusals are not kept: a retry may do better. Answers are fields of the state, so that they
-- are read and written with the rest (a hash of their own took three calls and two keys more: 4 us); lib/forget.lua removes them.
-- Kept and sent are one string, `<second it was given><digest><words>`: the reader cuts the head off.
local DIGEST, BUYER, HOLD, OP = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
