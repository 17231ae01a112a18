import { type Script, script } from "./script.ts";

/**
 * Takes a token from a bucket that holds `burst` and gets a new one each `every` milliseconds. All there is to keep is
 * when it will be full, and not for longer than until then.
 *
 * Answers `taken`, or `empty` with how long to wait, in milliseconds.
 */
export const TAKE: Script = script(`
local now, every, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(now, tonumber(redis.call("HGET", KEYS[1], "full") or now))
local fuller = full + every
local wait = fuller - every * burst - now
-- A clock that was put back must not shut anybody out for longer than an empty bucket does.
if wait > every * burst then
  fuller = now + every
elseif wait > 0 then
  return { "empty", tostring(math.ceil(wait)) }
end
redis.call("HSET", KEYS[1], "full", string.format("%.3f", fuller))
redis.call("PEXPIRE", KEYS[1], math.max(1, math.ceil(fuller - now)))
return { "taken" }
`);
