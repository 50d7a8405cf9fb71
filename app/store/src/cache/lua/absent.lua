-- Notes that the table has no such task, unless one was made meanwhile. KEYS task, epoch, absent, lease.
-- ARGV epoch in which the reader looked, time to live (ms).
redis.call('DEL', KEYS[4])
if redis.call('GET', KEYS[2]) ~= ARGV[1] or header(KEYS[1]) == ARGV[1] then return 0 end
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
return 1
