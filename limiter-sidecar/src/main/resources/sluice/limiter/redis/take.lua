-- Takes a request's cost from every bucket, or nothing from any.
--
-- KEYS[i]   the bucket of limit i; all keys carry the caller's hash tag
-- ARGV[1]   the time in microseconds, for tests; empty: the clock of Redis, which all pods share
-- ARGV[6i-4 .. 6i+1]   of limit i: tokens per period, period in microseconds, burst in tokens, cost in tokens, the most
--           token-microseconds that the bucket can have by what the asking pod knows from elsewhere, or -1, and how many
--           milliseconds it is kept at least, full or not
-- ARGV[6n+1+i]   of limit i of n, only when a lease is asked for: tokens of an earlier lease that were not given
-- reply     {1 when taken else 0, then per limit: whole tokens left, microseconds until full, microseconds until the cost (1 at least),
--           and at the end, only when a lease was asked for, how many more times the costs were taken for the pod to give}
--
-- A lease is at most a twentieth of each burst, out of what is there and of what comes in while it lasts. A bucket may so
-- be below zero: what comes in is spoken for, and the pod gives it as it comes in. It is all buckets' or none's.
--
-- A bucket holds "level time period tokens burst". Its level counts token-microseconds: one token is `period` of them, and
-- each microsecond adds `tokens` of them. So everything is a whole number; below 2^53 Lua keeps those exactly. Another size keeps
-- the tokens, up to its own burst. When it was taken up nobody knows: the time since the bucket was last asked counts at the
-- faster rate of the two, so that nobody who has waited is rejected because a limit has changed.

local LEASE = 200000
local PARTS = 20
local EXACT = 2 ^ 53

local function divide(a, b)
  return (a - math.fmod(a, b)) / b
end

-- a * b / c rounded down, for a < c: digit by digit, because the product may exceed 2^53.
local function scale(a, b, c)
  local quotient, rest = 0, 0
  local digit = 1
  while digit * 2 <= b do digit = digit * 2 end
  while digit >= 1 do
    quotient = quotient * 2
    rest = rest * 2
    if b >= digit then
      b = b - digit
      rest = rest + a
    end
    while rest >= c do
      rest = rest - c
      quotient = quotient + 1
    end
    digit = digit / 2
  end
  return quotient
end

local function refill(level, elapsed, tokens, full)
  local untilFull = divide(full - level + tokens - 1, tokens)
  return math.min(full, level + math.min(elapsed, untilFull) * tokens)
end

-- The same tokens, counted in another period.
local function convert(level, counted, period, burst)
  if counted ~= period then
    local fraction = math.fmod(level, counted)
    if fraction < 0 then fraction = fraction + counted end
    level = math.min((level - fraction) / counted, burst) * period + scale(fraction, period, counted)
  end
  return math.min(level, burst * period)
end

local now = tonumber(ARGV[1])
local real = not now
if real then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local leasing = #ARGV > 1 + 6 * #KEYS
local buckets = {}
local allowed = true

for i = 1, #KEYS do
  local tokens = tonumber(ARGV[6 * i - 4])
  local period = tonumber(ARGV[6 * i - 3])
  local burst = tonumber(ARGV[6 * i - 2])
  local cost = tonumber(ARGV[6 * i - 1]) * period
  local known = tonumber(ARGV[6 * i])
  local kept = tonumber(ARGV[6 * i + 1])
  local full = burst * period
  local level, changed = full, false

  local value = redis.call('GET', KEYS[i]) or ''
  local stored, at, counted, refilled, most = string.match(value, '^(-?%d+) (%d+) (%d+) (%d+) (%d+)$')
  if stored then
    level, at, counted = tonumber(stored), tonumber(at), tonumber(counted)
    refilled, most = tonumber(refilled), tonumber(most)
    -- Written whatever happens: a failover to a slower clock must set the time back, or callers would starve until it catches up,
    -- and the next size must know how long this one was in force.
    changed = true
    local elapsed = math.max(0, now - at)
    if tokens * counted > refilled * period then
      level = refill(convert(level, counted, period, burst), elapsed, tokens, full)
    else
      level = convert(refill(level, elapsed, refilled, most * counted), counted, period, burst)
    end
  end
  local returned = leasing and tonumber(ARGV[6 * #KEYS + 1 + i]) or 0
  if returned > 0 then
    level = math.min(full, level + returned * period)
    changed = true
  end
  if known >= 0 and known < level then
    level = known
    changed = true
  end
  if level < cost then allowed = false end
  buckets[i] = {
    tokens = tokens, period = period, burst = burst, cost = cost, kept = kept, full = full, level = level, changed = changed
  }
end

local times = 0
if leasing and allowed then
  times = math.huge
  for _, bucket in ipairs(buckets) do
    local coming = math.min(bucket.tokens * LEASE, EXACT - bucket.full)
    local most = math.min(divide(bucket.full, PARTS), bucket.level - bucket.cost + coming)
    times = math.min(times, divide(most, bucket.cost))
  end
end

local reply = {allowed and 1 or 0}

for i = 1, #KEYS do
  local bucket = buckets[i]
  local tokens, period, cost = bucket.tokens, bucket.period, bucket.cost
  local level = allowed and bucket.level - cost * (1 + times) or bucket.level
  local missing = bucket.full - level
  if allowed or bucket.changed then
    local value = string.format('%.0f %.0f %.0f %.0f %.0f', level, now, period, tokens, bucket.burst)
    if real then
      -- A bucket that is full at every size of its limit says nothing: it may go.
      local untilFull = divide(missing, tokens * 1000) + 1
      redis.call('SET', KEYS[i], value, 'PX', string.format('%.0f', math.max(untilFull, bucket.kept)))
    else
      redis.call('SET', KEYS[i], value)
    end
  end
  reply[3 * i - 1] = math.max(0, divide(level, period))
  reply[3 * i] = divide(missing, tokens)
  reply[3 * i + 1] = (allowed or level >= cost) and 0 or math.max(1, divide(cost - level, tokens))
end

if leasing then reply[#reply + 1] = times end

return reply
