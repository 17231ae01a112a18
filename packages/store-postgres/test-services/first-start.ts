/** Opens the store, creates a session and prints what was answered. */
import process from "node:process";
import { openPostgresStore } from "../src/index.ts";

const [url = "", schema] = process.argv.slice(2);
const store = await openPostgresStore(url, { schema });
const session = { payload: new Uint8Array(), sequenceToken: "token", expiresAt: 1000 };
const admission = { owner: "alice", maxSessions: 100, maxSessionsPerOwner: 100, whenFull: "reject" } as const;
console.log((await store.create(`${process.pid}`, session, admission, 0)).type);
await store.close();
