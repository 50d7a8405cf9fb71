-- Takes tasks that are gone from the table, or from this list, out of the list and out of the cache, unless something
-- newer was heard of them meanwhile.
-- KEYS list, epoch. ARGV prefix, status of the list (empty: any), then id and version that is known of each.
local epoch = epoch_of(KEYS[2])
local live = list_state(KEYS[1], epoch)
for index = 3, #ARGV, 2 do
  local key = ARGV[1] .. 'task:' .. ARGV[index]
  local _, _, version, status = header(key)
  local newer = version and tonumber(version) > tonumber(ARGV[index + 1])
  if not newer then redis.call('DEL', key, ARGV[1] .. 'steps:' .. ARGV[index]) end
  local elsewhere = newer and ARGV[2] ~= '' and status ~= ARGV[2]
  if live and (elsewhere or not newer) and redis.call('ZREM', KEYS[1], ARGV[index]) == 1 then changed(KEYS[1]) end
end
return 1
