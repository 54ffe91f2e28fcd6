-- An event's rules as nine doubles, in the order rules.ts writes them.
local function unpack_rules(packed)
  return struct.unpack('<ddddddddd', packed)
end
