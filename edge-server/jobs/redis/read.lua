-- A job: its record, notBeforeMs, entry, and '1' where somebody holds it now. Nothing where there is none.
-- KEYS: 1 the job. ARGV: 1 prefix
local known = redis.call('HMGET', KEYS[1], 'record', 'notBefore', 'entry', 'holder')
if not known[1] then return {} end
local lock = redis.call('GET', ARGV[1] .. ':jobs:' .. known[3] .. ':lock')
local held = known[4] ~= '' and lock == known[4]
return { known[1], known[2], known[3], held and '1' or '' }
