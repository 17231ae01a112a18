import { MAX_TRANSACTIONS } from "@matrix-rendezvous/core";
import { type Script, script } from "./script.ts";
import { SESSION } from "./session.ts";

/**
 * Compare-and-swap, the retry, and the replay of a transaction, as core's `transition` decides them.
 *
 * Answers `absent`, or one of `written`, `unchanged`, `replayed`, `conflict` with a token and the current revision's
 * `modified` and `expires`.
 */
export const WRITE: Script = script(`
local session = KEYS[1]
local now, expected, candidate, payload, channel, transaction = unpack(ARGV)
${SESSION}
local token, current, modified, expires, recorded =
  unpack(redis.call("HMGET", session, "token", "payload", "modified", "expires", "transactions"))
if not is_live(expires, now) then return { "absent" } end

-- Pairs of a transaction ID and the token it was answered, null for a conflict; the oldest first.
local transactions = recorded and cjson.decode(recorded) or {}
if transaction then
  for _, record in ipairs(transactions) do
    if record[1] == transaction then
      if record[2] == cjson.null then return { "conflict", token, modified, expires } end
      return { "replayed", record[2], modified, expires }
    end
  end
end

-- MSC4388 "The send mechanism": any other token with identical data is a retry.
local outcome = payload == current and "unchanged" or "conflict"
if expected == token then
  outcome, token, modified = "written", candidate, now
  redis.call("HSET", session, "token", token, "payload", payload, "modified", modified)
  redis.call("PUBLISH", channel, "")
end
if transaction then
  table.insert(transactions, { transaction, outcome == "conflict" and cjson.null or token })
  if #transactions > ${MAX_TRANSACTIONS} then table.remove(transactions, 1) end
  redis.call("HSET", session, "transactions", cjson.encode(transactions))
end
return { outcome, token, modified, expires }
`);
