-- Compare-and-set of one task by version, with every list that is in the cache. The writer, the reader who missed and
-- the repair call it alike; the order of calls does not matter.
-- KEYS task, steps, epoch, recent, projects, absent, lease.
-- ARGV prefix, id, project, type, status, created_at, version, expires_at, steps version, time to live (ms),
--   expected epoch, JSON, cap of a list, steps given (none, change, all), steps version before, then field and value of each.
-- Gives 1: kept; 0: the cache is newer; -1: another epoch began meanwhile.
local prefix, id, project, task_type, status = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local created, version = tonumber(ARGV[6]), tonumber(ARGV[7])
if redis.call('GET', KEYS[3]) ~= ARGV[11] then return -1 end
local epoch = ARGV[11]
local micros = now()
local millis = int(math.floor(micros / 1000))

-- Who looked it up is done, and whoever waits for that may go on.
redis.call('DEL', KEYS[7])

local was_epoch, was_created, was_version, was_status = header(KEYS[1])
if was_epoch then
  local before, known = tonumber(was_created), tonumber(was_version)
  if before > created or (before == created and known > version) then return 0 end
end
if was_epoch ~= epoch then redis.call('DEL', KEYS[6]) end
redis.call('SET', KEYS[1], table.concat({epoch, ARGV[6], ARGV[7], status, ARGV[8], ARGV[9], millis}, ' ') .. '\n' .. ARGV[12], 'PX', ARGV[10])

-- The steps in the cache are those of the task exactly while '#v' names the version at which they last changed.
local steps_now, steps_before = ARGV[6] .. '.' .. ARGV[9], ARGV[6] .. '.' .. ARGV[15]
if ARGV[14] == 'all' then
  redis.call('DEL', KEYS[2])
elseif ARGV[14] == 'change' then
  local held = redis.call('HGET', KEYS[2], '#v')
  if held and held ~= steps_before and held ~= steps_now then redis.call('DEL', KEYS[2]) end
end
if ARGV[14] == 'all' or (ARGV[14] == 'change' and redis.call('HGET', KEYS[2], '#v') == steps_before) then
  for index = 16, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[index], ARGV[index + 1]) end
  redis.call('HSET', KEYS[2], '#v', steps_now)
end
if ARGV[14] ~= 'none' then redis.call('PEXPIRE', KEYS[2], ARGV[10]) end

if was_epoch == epoch and was_created == ARGV[6] and was_version == ARGV[7] then return 1 end

local cap = tonumber(ARGV[13])
local function add(key)
  local list = list_state(key, epoch)
  if not list or created < list.floor then return end
  redis.call('ZADD', key, ARGV[6], id)
  changed(key)
  trim(key, cap)
end
local function remove(key)
  if list_state(key, epoch) and redis.call('ZREM', key, id) == 1 then changed(key) end
end
for _, list in ipairs({'|', project .. '|', '|' .. task_type, project .. '|' .. task_type}) do
  local key = prefix .. 'list:' .. list .. '|'
  add(key)
  for _, other in ipairs(STATUSES) do
    if other == status then
      add(key .. other)
    elseif not was_epoch or other == was_status then
      remove(key .. other)
    end
  end
end

if was_status ~= status or was_created ~= ARGV[6] then
  -- An index follows its table with a delay: what changed its lists lately is remembered for those who build one.
  redis.call('ZADD', KEYS[4], millis, table.concat({ARGV[6], project, task_type, id}, '|'))
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', int(millis - 60000))
  redis.call('PEXPIRE', KEYS[4], 120000)
  redis.call('HDEL', KEYS[5], 'json')
  redis.call('HINCRBY', KEYS[5], 'changes', 1)
end
return 1
