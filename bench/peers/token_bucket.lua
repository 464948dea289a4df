-- A token bucket per user for nginx: what a careful team would write for itself. Lets the request pass when Redis does not answer.
local redis = require "nginx.redis"

local SCRIPT = [[
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(state[1]) or burst, tonumber(state[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * rate / 1000000)
local allowed = tokens >= 1
if allowed then tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return {allowed and 1 or 0, math.floor(tokens)}
]]

local Bucket = {}
Bucket.__index = Bucket

local function new(options)
  return setmetatable({options = options}, Bucket)
end

local function sha1(text)
  return (string.gsub(ngx.sha1_bin(text), ".", function(byte) return string.format("%02x", string.byte(byte)) end))
end

function Bucket:connect()
  local client = redis:new()
  client:set_timeout(self.options.timeout)
  local connected = client:connect("127.0.0.1", self.options.port)
  if not connected then return nil end
  if client:get_reused_times() == 0 and not client:auth(self.options.password) then return nil end
  return client
end

function Bucket:take(client, key)
  self.sha = self.sha or sha1(SCRIPT)
  local reply, problem = client:evalsha(self.sha, 1, key, self.options.tokens, self.options.burst)
  if not reply and problem and string.find(problem, "NOSCRIPT", 1, true) then
    reply = client:eval(SCRIPT, 1, key, self.options.tokens, self.options.burst)
  end
  return reply
end

function Bucket:admit(user)
  local client = self:connect()
  if not client then return end
  local reply = self:take(client, "nginx:" .. (user or ""))
  if not reply then return client:close() end
  client:set_keepalive(30000, self.options.connections)
  if reply[1] == 0 then
    ngx.header["Retry-After"] = "1"
    return ngx.exit(429)
  end
end

return {new = new}
