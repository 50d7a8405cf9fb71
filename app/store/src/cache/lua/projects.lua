-- The projects as JSON. KEYS projects, epoch. ARGV If-None-Match, trusted for (ms).
-- Gives cold, epoch, changes | same, tag | page, tag, JSON.
local epoch = epoch_of(KEYS[2])
local held = redis.call('HMGET', KEYS[1], 'epoch', 'changes', 'json', 'tag', 'verified')
if not held[2] then
  held[2] = int(now())
  redis.call('HSET', KEYS[1], 'changes', held[2])
end
if not held[3] or held[1] ~= epoch or math.floor(now() / 1000) - held[5] > tonumber(ARGV[2]) then
  return {'cold', epoch, held[2]}
end
if ARGV[1] ~= '' and string.find(ARGV[1], held[4], 1, true) then return {'same', held[4]} end
return {'page', held[4], held[3]}
