-- Writes down who holds a job, after BullMQ gave its entry and lock to them.
-- KEYS: 1 the job, 2 the entry's lock. ARGV: 1 entry, 2 holder, 3 nowMs
-- Returns held and the job; or early and its notBeforeMs; stale: the entry is of an earlier turn or its job has ended; lost.
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return { 'lost' } end
local known = redis.call('HMGET', KEYS[1], 'record', 'notBefore', 'entry', 'state')
local state = known[4]
if known[3] ~= ARGV[1] or state == 'succeeded' or state == 'failed' or state == 'cancelled' then return { 'stale' } end
if state == 'queued' and tonumber(known[2]) > tonumber(ARGV[3]) then return { 'early', known[2] } end
redis.call('HSET', KEYS[1], 'holder', ARGV[2])
return { 'held', known[1], known[2] }
