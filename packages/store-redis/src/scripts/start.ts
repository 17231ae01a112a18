import { type Script, script } from "./script.ts";
import { SESSION } from "./session.ts";

/**
 * On a cluster: starts a session whose places are reserved.
 *
 * Answers `created`, or `exists` with the owner of the session that has the ID.
 */
export const START: Script = script(`
local now, token, payload, expires, ttl, owner = unpack(ARGV)
${SESSION}
local ends, its_owner = unpack(redis.call("HMGET", KEYS[1], "expires", "owner"))
if is_live(ends, now) then return { "exists", its_owner } end
start(KEYS[1], now, token, payload, expires, ttl, owner)
return { "created" }
`);
