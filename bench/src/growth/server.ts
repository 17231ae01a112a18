/** `server.ts SESSIONS`: fills a store in memory, and then serves it. */
import process from "node:process";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { adapter } from "../../../packages/program/src/runtime.ts";
import { EXPIRES_AT, fill, NOW } from "./operations.ts";

const store = memoryStore();
await fill(store, Number(process.argv[2]));
const serve = await adapter();
const options = {
  mode: "open",
  ttlMs: EXPIRES_AT - NOW,
  maxSessions: 10_000_000,
  maxSessionsPerOwner: 10_000_000,
} as const;
const handler = createHandler({ ...options, store, now: () => NOW });
const { port } = await serve(handler, { port: 0 });
console.log(`listens on http://127.0.0.1:${port}`);
