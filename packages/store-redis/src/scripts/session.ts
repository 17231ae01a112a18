/**
 * A session: a hash with the fields `token`, `payload`, `modified`, `expires`, `owner` and, once a write carried a
 * transaction ID, `transactions`. Times are Unix milliseconds by the caller's clock, kept as the text that came in.
 */
export const SESSION = `
-- The server removes a session by its own clock; ours decides as well, so that neither of them alone keeps it alive.
local function is_live(expires, now)
  return expires and tonumber(now) < tonumber(expires)
end

local function start(session, now, token, payload, expires, ttl, owner)
  -- One that has ended may linger, with transactions that are not this one's.
  redis.call("DEL", session)
  redis.call("HSET", session,
    "token", token, "payload", payload, "modified", now, "expires", expires, "owner", owner)
  -- Relative, so that it does not matter how the server's clock is set; no write touches it again.
  redis.call("PEXPIRE", session, ttl)
end
`;
