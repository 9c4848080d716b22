-- Writes the next version of a job and tells everyone, as one.
-- KEYS: 1 the job, 2 progress of all
-- ARGV: 1 prefix, 2 id, 3 version that was read, 4 the holder who writes or '', 5 '1' where nobody may hold the job,
--       6 mark of this write, 7 record, 8 next version, 9 next state, 10 notBeforeMs or '', 11 entry, 12 'nobody' where it has no holder after this,
--       13 channel, 14 event, 15 '1' where its progress is over
-- Returns written, again (this very write was done before), changed (read it again), lost or gone.
local known = redis.call('HMGET', KEYS[1], 'version', 'holder', 'entry', 'write', 'state', 'number')
if not known[1] then return 'gone' end
if known[4] == ARGV[6] then return 'again' end
-- BullMQ's lock says whether the holder still has the job: both are looked at in one step.
local lock = redis.call('GET', ARGV[1] .. ':jobs:' .. known[3] .. ':lock')
local held = known[2] ~= '' and lock == known[2]
if ARGV[4] ~= '' and not (held and known[2] == ARGV[4]) then return 'lost' end
if ARGV[5] == '1' and held then return 'changed' end
if known[1] ~= ARGV[3] then return 'changed' end
redis.call('HSET', KEYS[1], 'record', ARGV[7], 'version', ARGV[8], 'state', ARGV[9], 'notBefore', ARGV[10],
  'entry', ARGV[11], 'write', ARGV[6])
if ARGV[12] == 'nobody' then redis.call('HSET', KEYS[1], 'holder', '') end
if known[5] ~= ARGV[9] then
  redis.call('ZREM', ARGV[1] .. ':state:' .. known[5], ARGV[2])
  redis.call('ZADD', ARGV[1] .. ':state:' .. ARGV[9], known[6], ARGV[2])
end
if ARGV[15] == '1' then redis.call('HDEL', KEYS[2], ARGV[2]) end
redis.call('PUBLISH', ARGV[13], ARGV[14])
return 'written'
