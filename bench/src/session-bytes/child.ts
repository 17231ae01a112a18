/**
 * `child.ts SESSIONS`: creates so many sessions in memory, through the HTTP layer, and says how many bytes of the
 * process's memory each takes above its payload.
 */
import process from "node:process";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler, type Handler } from "@matrix-rendezvous/http";
import { collectGarbage } from "./garbage.ts";

const PAYLOAD = "x".repeat(600);
const BODY: string = JSON.stringify({ data: PAYLOAD });
const URL = "http://127.0.0.1/_matrix/client/unstable/io.element.msc4388/rendezvous";
const SESSIONS_PER_NETWORK = 5;
/** So that code and its data are there before what sessions take is looked at. */
const WARM_UP = 2_000;

async function create(handler: Handler, from: number, to: number): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  for (let number = from; number < to; number += 1) {
    const network = Math.floor(number / SESSIONS_PER_NETWORK);
    const clientAddress = `10.${network >> 16}.${(network >> 8) & 255}.${network & 255}`;
    const answer = await handler(new Request(URL, { method: "POST", headers, body: BODY }), { clientAddress });
    if (answer.status !== 200) throw new Error(`a creation was answered ${answer.status}`);
    await answer.arrayBuffer();
  }
}

const sessions = Number(process.argv[2]);
const handler = createHandler({ store: memoryStore(), mode: "open", maxSessions: 10_000_000, ttlMs: 3_600_000 });
await create(handler, 0, WARM_UP);
await collectGarbage();
const before = process.memoryUsage.rss();
await create(handler, WARM_UP, WARM_UP + sessions);
await collectGarbage();
console.log(JSON.stringify((process.memoryUsage.rss() - before) / sessions - PAYLOAD.length));
