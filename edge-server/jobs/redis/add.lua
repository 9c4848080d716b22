-- Keeps a new job; or names the one that the same idempotency key made before.
-- KEYS: 1 the job, 2 the idempotency key, 3 counter, 4 all jobs, 5 queued jobs
-- ARGV: 1 id, 2 record, 3 notBeforeMs, 4 entry, 5 idempotency key or '', 6 channel, 7 event
if ARGV[5] ~= '' then
  local known = redis.call('GET', KEYS[2])
  if known then return known end
  redis.call('SET', KEYS[2], ARGV[1])
end
local number = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[1], 'record', ARGV[2], 'version', '1', 'state', 'queued', 'notBefore', ARGV[3],
  'entry', ARGV[4], 'holder', '', 'write', '', 'number', number, 'key', ARGV[5])
redis.call('ZADD', KEYS[4], number, ARGV[1])
redis.call('ZADD', KEYS[5], number, ARGV[1])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return ARGV[1]
