import { type Script, script } from "./script.ts";
import { SESSION } from "./session.ts";

/**
 * Ends a session. On one server it frees its places in the same step; on a cluster, where the ledgers are in other
 * slots, it is given no ledger, and the caller frees them.
 *
 * Answers `absent`, or `cancelled` with the owner.
 */
export const CANCEL: Script = script(`
local session, total = unpack(KEYS)
local now, channel, id, owners = unpack(ARGV)
${SESSION}
local expires, owner = unpack(redis.call("HMGET", session, "expires", "owner"))
if not is_live(expires, now) then return { "absent" } end
redis.call("DEL", session)
redis.call("PUBLISH", channel, "")
if total then
  redis.call("ZREM", total, id)
  redis.call("ZREM", owners .. owner, id)
end
return { "cancelled", owner }
`);
