-- Builds, refreshes or extends a list with what an index gave.
-- KEYS list, epoch, recent, lease.
-- ARGV prefix, expected epoch, project, type, status (empty: any), when the index was asked (ms), floor of what it gave,
--   floor that is extended (empty: from the top), trusted for (ms), kept for (ms), cap, then created_at and id of each.
-- Gives 1: kept; 0: too late, or the list is another one by now.
local prefix, epoch, project, task_type, status = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local started, floor, extended = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
redis.call('DEL', KEYS[4])
if redis.call('GET', KEYS[2]) ~= epoch then return 0 end
local micros = now()
local millis = math.floor(micros / 1000)
if millis - started > 30000 then return 0 end
local list = list_state(KEYS[1], epoch)
if extended and not (list and list.floor == extended) then return 0 end

-- The status that the cache knows of is newer than the one in an index.
local function status_of(id)
  local in_epoch, _, _, known = header(prefix .. 'task:' .. id)
  return in_epoch == epoch and known or nil
end
local wanted = {}
for index = 12, #ARGV, 2 do
  local id = ARGV[index + 1]
  local known = status ~= '' and status_of(id) or nil
  if not known or known == status then wanted[id] = ARGV[index] end
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], int(started - 10000), '+inf')) do
  local created, of_project, of_type, id = string.match(member, '^(%d+)|([^|]*)|([^|]*)|(.*)$')
  local within = tonumber(created) >= floor and (not extended or tonumber(created) < extended)
  if within and (project == '' or project == of_project) and (task_type == '' or task_type == of_type) then
    local known = status_of(id)
    if status == '' or known == status then
      wanted[id] = created
    elseif known then
      wanted[id] = nil
    end
  end
end

local different = false
if list then
  local top = extended and '(' .. int(extended) or '+inf'
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], int(floor), top)) do
    if not wanted[id] then
      redis.call('ZREM', KEYS[1], id)
      different = true
    end
  end
  if list.floor < floor then floor = list.floor end
else
  redis.call('DEL', KEYS[1])
end
for id, created in pairs(wanted) do
  if redis.call('ZADD', KEYS[1], created, id) == 1 then different = true end
end
redis.call('ZADD', KEYS[1], '-' .. epoch, '#e', int(-floor - 1), '#f')
if not extended then redis.call('ZADD', KEYS[1], int(-(millis + ARGV[9])), '#u') end
if not list then
  -- A version of its own for every list that was ever built: it begins with the time.
  redis.call('ZADD', KEYS[1], int(-micros), '#v')
  redis.call('PEXPIRE', KEYS[1], ARGV[10])
elseif different then
  changed(KEYS[1])
end
trim(KEYS[1], tonumber(ARGV[11]))
return 1
