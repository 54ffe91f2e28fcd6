local function event_id()
  return string.match(KEYS[1], '[^:]+$')
end
