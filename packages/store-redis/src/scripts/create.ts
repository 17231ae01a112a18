import { PLACES } from "./places.ts";
import { type Script, script } from "./script.ts";
import { SESSION } from "./session.ts";

/**
 * On one server: admits and starts a session, all or nothing. It reaches sessions and ledgers by names that it puts
 * together itself (those of whom it evicts), which a cluster would not let it.
 *
 * Answers `exists`, `created`, or `full` with the scope and when a place is free.
 */
export const CREATE: Script = script(`
local session, total, owned = unpack(KEYS)
local id, now, token, payload, expires, ttl, owner = unpack(ARGV, 1, 7)
local cap, owner_cap, when_full, sessions, owners, channels = unpack(ARGV, 8)
${SESSION}${PLACES}
local function evict(victim)
  local its_owner = redis.call("HGET", sessions .. victim, "owner")
  redis.call("DEL", sessions .. victim)
  -- As channelOf in session.ts makes it.
  redis.call("PUBLISH", channels .. redis.sha1hex(victim), "")
  redis.call("ZREM", total, victim)
  -- Should the server's clock have removed the session already, this is the ledger that it was found in.
  redis.call("ZREM", owned, victim)
  if its_owner then redis.call("ZREM", owners .. its_owner, victim) end
end

-- Gives when a place is free, unless there is one now.
local function make_room(ledger, places)
  local victim, ends = first_to_go(ledger, now, places)
  while victim do
    if when_full == "reject" then return ends end
    evict(victim)
    victim, ends = first_to_go(ledger, now, places)
  end
end

if is_live(redis.call("HGET", session, "expires"), now) then return { "exists" } end
local retry_at = make_room(owned, owner_cap)
if retry_at then return { "full", "owner", retry_at } end
retry_at = make_room(total, cap)
if retry_at then return { "full", "total", retry_at } end
enter(owned, now, id, expires, ttl)
enter(total, now, id, expires, ttl)
start(session, now, token, payload, expires, ttl, owner)
return { "created" }
`);
