-- I4: a repeat of an op gets the first answer, another command under it is refused. Refusals are not kept: a retry may do better.
-- Answers are fields of the state, so that they are read and written with the rest (a hash of their own took three calls and two
-- keys more: 4 us); the expire script removes old ones. Kept and sent are one string, `<second it was given><digest><words>`: the
-- reader cuts the head off.

-- What to say to an op that was answered `before`. Comes before every other check: the first answer stands whatever changed since.
local function repeated(before, digest)
  return string.sub(before, 11, 26) == digest and before or 'no op_conflict'
end
