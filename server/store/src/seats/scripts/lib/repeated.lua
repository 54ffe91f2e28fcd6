-- What was answered to the op `before`, if anything. Comes before every other check: the first answer stands whatever changed since.
if before then
  if string.sub(before, 11, 26) == DIGEST then return before end
  return 'no op_conflict'
end
