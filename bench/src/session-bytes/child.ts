/**
 * `child.ts core|http SESSIONS`: creates so many sessions in memory, through core alone or through the HTTP layer, and says
 * how many bytes of the process's memory each takes above its payload.
 */
import process from "node:process";
import { createRendezvous, memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { collectGarbage } from "./garbage.ts";

const PAYLOAD = "x".repeat(600);
const URL = "http://127.0.0.1/_matrix/client/unstable/io.element.msc4388/rendezvous";
const OPTIONS = { maxSessions: 10_000_000, ttlMs: 3_600_000 } as const;
const SESSIONS_PER_NETWORK = 5;
/** So that code and its data are there before what sessions take is looked at. */
const WARM_UP = 2_000;

/** Creates a session for a network. */
type Create = (address: string) => Promise<void>;

const WAYS: Readonly<Record<string, () => Create>> = {
  core() {
    const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const rendezvous = createRendezvous({ ...OPTIONS, store: memoryStore(), now: Date.now, randomBytes });
    const payload = new TextEncoder().encode(PAYLOAD);
    return async (address) => {
      const created = await rendezvous.create(payload, address);
      if (!created.ok) throw new Error(`a creation was answered ${created.error.code}`);
    };
  },
  http() {
    const handler = createHandler({ ...OPTIONS, store: memoryStore(), mode: "open" });
    const body = JSON.stringify({ data: PAYLOAD });
    const headers = { "Content-Type": "application/json" };
    return async (clientAddress) => {
      const answer = await handler(new Request(URL, { method: "POST", headers, body }), { clientAddress });
      if (answer.status !== 200) throw new Error(`a creation was answered ${answer.status}`);
      await answer.arrayBuffer();
    };
  },
};

async function fill(create: Create, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 1) {
    const network = Math.floor(number / SESSIONS_PER_NETWORK);
    await create(`10.${network >> 16}.${(network >> 8) & 255}.${network & 255}`);
  }
}

const [way = "", sessions = ""] = process.argv.slice(2);
const create = WAYS[way]?.();
if (create === undefined) throw new Error(`usage: child.ts core|http SESSIONS, not ${way} ${sessions}`);
await fill(create, 0, WARM_UP);
await collectGarbage();
const before = process.memoryUsage.rss();
await fill(create, WARM_UP, WARM_UP + Number(sessions));
await collectGarbage();
console.log(JSON.stringify((process.memoryUsage.rss() - before) / Number(sessions) - PAYLOAD.length));
