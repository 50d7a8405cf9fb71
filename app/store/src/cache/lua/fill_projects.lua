-- Keeps the projects as the table gave them, unless one changed since. KEYS projects, epoch, lease.
-- ARGV expected epoch, expected changes, tag, JSON, time to live (ms).
redis.call('DEL', KEYS[3])
if redis.call('GET', KEYS[2]) ~= ARGV[1] or redis.call('HGET', KEYS[1], 'changes') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'tag', ARGV[3], 'json', ARGV[4], 'verified', int(math.floor(now() / 1000)))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
