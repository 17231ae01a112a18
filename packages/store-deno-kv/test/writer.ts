/** Creates a session and writes to it without end; prints the number of each write once it is acknowledged. */
import process from "node:process";
import { openDenoKvStore } from "../src/index.ts";

const [path, id = ""] = process.argv.slice(2);
const store = await openDenoKvStore(path);
const session = { payload: new Uint8Array(), sequenceToken: "0", expiresAt: 1000 };
const admission = { owner: "alice", maxSessions: 1000, maxSessionsPerOwner: 1000, whenFull: "reject" } as const;
await store.create(id, session, admission, 0);
for (let count = 0; ; count += 1) {
  console.log(count);
  const write = { expectedToken: `${count}`, nextToken: `${count + 1}`, payload: new Uint8Array([count]) };
  const { type } = await store.write(id, write, 0);
  if (type !== "written") throw new Error(`a write was answered ${type}`);
}
