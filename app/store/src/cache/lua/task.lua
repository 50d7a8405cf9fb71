-- One task, with its steps where ARGV[1] is 1; only the first line of its value where ARGV[2], If-None-Match, names its version.
-- KEYS task, steps, epoch, absent. Gives epoch, millis, value or first line, steps as field and value of each, and 1 where
-- the table is known not to have the task.
local epoch = epoch_of(KEYS[3])
local millis = math.floor(now() / 1000)
local in_epoch, created, version = header(KEYS[1])
if in_epoch ~= epoch then
  return {epoch, millis, false, {}, redis.call('GET', KEYS[4]) == epoch and 1 or 0}
end
if ARGV[2] ~= '' and string.find(ARGV[2], '"' .. created .. '.' .. version .. '"', 1, true) then
  return {epoch, millis, string.match(redis.call('GETRANGE', KEYS[1], 0, 127), '^[^\n]*\n'), {}, 0}
end
local steps = ARGV[1] == '1' and redis.call('HGETALL', KEYS[2]) or {}
return {epoch, millis, redis.call('GET', KEYS[1]), steps, 0}
