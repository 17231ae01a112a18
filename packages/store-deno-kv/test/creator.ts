/** Creates sessions under a cap and prints what was answered, one answer a line. */
import process from "node:process";
import { openDenoKvStore } from "../src/index.ts";

const [path, maxSessions, attempts] = process.argv.slice(2);
const store = await openDenoKvStore(path, { timeoutMs: 20_000 });
for (let attempt = 0; attempt < Number(attempts); attempt += 1) {
  const session = { payload: new Uint8Array(), sequenceToken: "token", expiresAt: 1000 };
  const caps = { maxSessions: Number(maxSessions), maxSessionsPerOwner: 5 };
  const admission = { owner: `owner-${attempt % 20}`, ...caps, whenFull: "reject" } as const;
  const outcome = await store.create(`${process.pid}-${attempt}`, session, admission, 0);
  console.log(outcome.type === "full" ? outcome.scope : outcome.type);
}
await store.close();
