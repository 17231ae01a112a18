import { PLACES } from "./places.ts";
import { type Script, script } from "./script.ts";

/**
 * On a cluster: takes a place in one ledger, before the session is started in a slot of its own.
 *
 * Answers `reserved` with the IDs that lost their place to it; `held` where the ID has a place; or `full` with when one
 * is free.
 */
export const RESERVE: Script = script(`
local ledger = KEYS[1]
local now, id, expires, ttl, cap, when_full = unpack(ARGV)
${PLACES}
local held_until = redis.call("ZSCORE", ledger, id)
if held_until and tonumber(held_until) > tonumber(now) then return { "held" } end
local answer = { "reserved" }
local victim, ends = first_to_go(ledger, now, cap)
while victim do
  if when_full == "reject" then return { "full", ends } end
  redis.call("ZREM", ledger, victim)
  table.insert(answer, victim)
  victim, ends = first_to_go(ledger, now, cap)
end
enter(ledger, now, id, expires, ttl)
return answer
`);
