-- Who may look up what the cache does not have, or not for much longer: the first who asks, for a moment.
-- KEYS one for each thing to look up. ARGV for how long (ms). Gives 1 for each that the caller may look up, else 0.
local claimed = {}
for index, key in ipairs(KEYS) do
  claimed[index] = redis.call('SET', key, '1', 'NX', 'PX', ARGV[1]) and 1 or 0
end
return claimed
