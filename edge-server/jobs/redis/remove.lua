-- Forgets a job that has ended in this version, with its idempotency key, and tells everyone.
-- KEYS: 1 the job, 2 all jobs, 3 progress of all. ARGV: 1 prefix, 2 id, 3 version that was read, 4 channel, 5 event
local known = redis.call('HMGET', KEYS[1], 'version', 'state', 'key')
if not known[1] then return 'gone' end
if known[1] ~= ARGV[3] then return 'changed' end
redis.call('DEL', KEYS[1])
if known[3] ~= '' then redis.call('DEL', ARGV[1] .. ':key:' .. known[3]) end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', ARGV[1] .. ':state:' .. known[2], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 'written'
