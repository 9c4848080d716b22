-- Every queued job may start now.
-- KEYS: 1 queued jobs. ARGV: 1 prefix, 2 nowMs
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local job = ARGV[1] .. ':job:' .. id
  if tonumber(redis.call('HGET', job, 'notBefore')) > tonumber(ARGV[2]) then
    redis.call('HSET', job, 'notBefore', ARGV[2])
  end
end
