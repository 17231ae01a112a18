/**
 * A ledger of places: a sorted set of rendezvous IDs, scored by when each session ends. A place frees itself at that
 * time, whatever crashed before, so there is no counter that could be wrong for ever.
 */
export const PLACES = `
-- Those whose time has passed take no place, but memory. Gives how many were removed.
local function sweep(ledger, now, limit)
  local ended = math.min(redis.call("ZCOUNT", ledger, "-inf", now), limit)
  if ended > 0 then redis.call("ZREMRANGEBYRANK", ledger, 0, ended - 1) end
  return ended
end

-- Where no place is left: the ID of what ends first, and when that is.
local function first_to_go(ledger, now, cap)
  if redis.call("ZCOUNT", ledger, "(" .. now, "+inf") < tonumber(cap) then return nil end
  return unpack(redis.call("ZRANGEBYSCORE", ledger, "(" .. now, "+inf", "WITHSCORES", "LIMIT", 0, 1))
end

local function enter(ledger, now, id, expires, ttl)
  -- More than are added, so that a ledger shrinks back without ever being swept.
  sweep(ledger, now, 4)
  redis.call("ZADD", ledger, expires, id)
  -- An owner who does not come back leaves nothing behind.
  if redis.call("PTTL", ledger) < tonumber(ttl) then redis.call("PEXPIRE", ledger, ttl) end
end
`;
