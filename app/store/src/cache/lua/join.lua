-- Run once on every new connection. A server that restarted has forgotten or kept what it should not have: its run id
-- tells, and begins a new epoch. So does a caller who was cut off (ARGV[1] is 1).
-- KEYS epoch, run. Gives the epoch.
local reply = redis.pcall('INFO', 'server')
local run = type(reply) == 'string' and string.match(reply, 'run_id:(%x+)') or ''
if ARGV[1] == '1' or redis.call('GET', KEYS[2]) ~= run then
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[2], run)
end
return epoch_of(KEYS[1])
