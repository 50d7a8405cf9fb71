-- What every script shares. All keys carry one hash tag, so that a script works in a cluster too.
local STATUSES = {'queued', 'running', 'succeeded', 'failed', 'cancelled'}

-- Microseconds since 1970: below 2^53 until the year 2255, so exact.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function int(number) return string.format('%.0f', number) end

-- The epoch: whatever was cached in another one is not trusted.
local function epoch_of(key)
  local epoch = redis.call('GET', key)
  if not epoch then
    epoch = int(now())
    redis.call('SET', key, epoch)
  end
  return epoch
end

-- A task's value begins with a line: epoch, created_at, version, status, expires_at, version of the steps, when verified.
local function header(key)
  return string.match(redis.call('GETRANGE', key, 0, 127), '^(%d+) (%d+) (%d+) (%a+) (%d+) (%d+) (%d+)\n')
end

-- A list's own state lives in the list, as members that are no identifiers with scores below every task's, so that
-- both live and die together: #e epoch, #v version, #f floor (the list is complete from there up), #u trusted until.
local function list_state(key, epoch)
  local state = redis.call('ZMSCORE', key, '#e', '#v', '#f', '#u')
  if not state[1] or int(-state[1]) ~= epoch then return nil end
  return {version = int(-state[2]), floor = -state[3] - 1, trusted_until = -state[4]}
end

local function changed(key) redis.call('ZINCRBY', key, -1, '#v') end

local function trim(key, cap)
  local excess = redis.call('ZCARD', key) - 4 - cap
  if excess <= 0 then return end
  redis.call('ZREMRANGEBYRANK', key, 4, 3 + excess)
  local lowest = redis.call('ZRANGE', key, 4, 4, 'WITHSCORES')
  redis.call('ZADD', key, int(-(lowest[2] + 1) - 1), '#f')
end
