-- Jobs whose entry in BullMQ is not there or sleeps for too long, because a server died between two writes.
-- KEYS: 1 the turn to look. ARGV: 1 prefix, 2 nowMs, 3 ms until the next turn
-- Returns [id, entry, notBeforeMs] of those without, and entries of those asleep; nothing where another server just looked.
local missing, asleep = {}, {}
if not redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3]) then return { missing, asleep } end
for _, state in ipairs({ 'queued', 'preparing', 'uploading', 'running', 'fetching' }) do
  for _, id in ipairs(redis.call('ZRANGE', ARGV[1] .. ':state:' .. state, 0, -1)) do
    local known = redis.call('HMGET', ARGV[1] .. ':job:' .. id, 'entry', 'notBefore')
    if redis.call('EXISTS', ARGV[1] .. ':jobs:' .. known[1]) == 0 then
      table.insert(missing, { id, known[1], known[2] })
    else
      -- BullMQ keeps the time of a delayed entry times 4096.
      local score = redis.call('ZSCORE', ARGV[1] .. ':jobs:delayed', known[1])
      if score and (tonumber(known[2]) or 0) <= tonumber(ARGV[2]) and tonumber(score) / 4096 > tonumber(ARGV[2]) then
        table.insert(asleep, known[1])
      end
    end
  end
end
return { missing, asleep }
