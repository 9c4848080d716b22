-- Jobs from the newest on: record and notBeforeMs of each, one after the other.
-- KEYS: 1 all jobs. ARGV: 1 prefix, 2 id that the newest one is older than or '', 3 how many, 4… states; all where there are none
local below = '+inf'
if ARGV[2] ~= '' then
  local number = redis.call('ZSCORE', KEYS[1], ARGV[2])
  if not number then return {} end
  below = '(' .. number
end
local places = {}
for i = 4, #ARGV do table.insert(places, ARGV[1] .. ':state:' .. ARGV[i]) end
if #places == 0 then places = { KEYS[1] } end
local found = {}
for _, place in ipairs(places) do
  local newest = redis.call('ZREVRANGEBYSCORE', place, below, '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
  for i = 1, #newest, 2 do table.insert(found, { newest[i], tonumber(newest[i + 1]) }) end
end
table.sort(found, function(a, b) return a[2] > b[2] end)
local answer = {}
for i = 1, math.min(#found, tonumber(ARGV[3])) do
  local known = redis.call('HMGET', ARGV[1] .. ':job:' .. found[i][1], 'record', 'notBefore')
  table.insert(answer, known[1])
  table.insert(answer, known[2])
end
return answer
