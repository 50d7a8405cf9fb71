-- Takes tasks that are gone out of a list and out of the cache.
-- KEYS list, epoch. ARGV prefix, then the ids.
local live = list_state(KEYS[1], epoch_of(KEYS[2]))
for index = 2, #ARGV do
  redis.call('DEL', ARGV[1] .. 'task:' .. ARGV[index], ARGV[1] .. 'steps:' .. ARGV[index])
  if live and redis.call('ZREM', KEYS[1], ARGV[index]) == 1 then changed(KEYS[1]) end
end
return 1
