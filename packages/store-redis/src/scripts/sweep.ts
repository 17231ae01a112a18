import { PLACES } from "./places.ts";
import { type Script, script } from "./script.ts";

/**
 * Removes a batch of what has ended from the ledger of all sessions: sessions and owners' ledgers go by themselves.
 *
 * Answers how many, as text.
 */
export const SWEEP: Script = script(`
${PLACES}
return { tostring(sweep(KEYS[1], ARGV[1], tonumber(ARGV[2]))) }
`);
