-- One page of a list with its tasks, in one round trip.
-- KEYS list, epoch. ARGV prefix, how many (one more than is shown), cursor's created_at and id (or empty), If-None-Match, lease (ms).
-- Gives cold, epoch, millis, 1 where it is the caller's turn to refresh it | short, epoch, millis, floor | same, tag | page, epoch, millis, tag, more, created_at of the last, ids, values.
local epoch = epoch_of(KEYS[2])
local millis = math.floor(now() / 1000)
local list = list_state(KEYS[1], epoch)
if not list then return {'cold', epoch, millis, 0} end
if millis > list.trusted_until then
  -- The first who finds it so refreshes it; the others may use it until that one should be done.
  redis.call('ZADD', KEYS[1], int(-(millis + ARGV[6])), '#u')
  return {'cold', epoch, millis, 1}
end
local tag = '"' .. epoch .. '.' .. list.version .. '"'
if ARGV[5] ~= '' and string.find(ARGV[5], tag, 1, true) then return {'same', tag} end

local count = tonumber(ARGV[2])
local ids, scores = {}, {}
local function before(left, right)
  -- Bytes, as the sorted set orders them; Lua's own comparison follows the locale.
  for index = 1, math.min(#left, #right) do
    local a, b = string.byte(left, index), string.byte(right, index)
    if a ~= b then return a < b end
  end
  return #left < #right
end
local top = ARGV[3] == '' and '+inf' or ARGV[3]
local offset = 0
repeat
  local rows = redis.call('ZREVRANGEBYSCORE', KEYS[1], top, int(list.floor), 'WITHSCORES', 'LIMIT', offset, count + 1)
  for index = 1, #rows, 2 do
    if #ids < count and (rows[index + 1] ~= ARGV[3] or before(rows[index], ARGV[4])) then
      ids[#ids + 1], scores[#scores + 1] = rows[index], rows[index + 1]
    end
  end
  offset = offset + count + 1
until #ids == count or #rows < 2 * (count + 1)

if #ids < count and list.floor > 0 then return {'short', epoch, millis, int(list.floor)} end
local more = #ids == count
if more then ids[count] = nil end
if #ids == 0 then return {'page', epoch, millis, tag, 0, '0', {}, {}} end
local keys = {}
for index, id in ipairs(ids) do keys[index] = ARGV[1] .. 'task:' .. id end
return {'page', epoch, millis, tag, more and 1 or 0, scores[#ids], ids, redis.call('MGET', unpack(keys))}
