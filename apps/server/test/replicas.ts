import assert from "node:assert/strict";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { type ServerProcess, startServer } from "./server-process.ts";
import { ask, create, type Slot, write } from "./sessions.ts";

const UNLIMITED = ["--max-sessions", "1000000", "--max-sessions-per-owner", "1000000"];

/** Runs `body` with servers of these runtimes on one store, and sees to it that they end well. */
export async function withServers(
  runtimes: readonly Runtime[],
  store: string,
  body: (servers: readonly ServerProcess[]) => Promise<void>,
  flags: readonly string[] = UNLIMITED,
): Promise<void> {
  const servers: ServerProcess[] = [];
  try {
    for (const runtime of runtimes) servers.push(await startServer(runtime, ["--store", store, ...flags]));
    await body(servers);
    for (const server of servers) assert.equal(await server.stop(), 0);
  } finally {
    for (const { child } of servers) child.kill("SIGKILL");
  }
}

const anyOf = (servers: readonly ServerProcess[], index: number): string => servers[index % servers.length]?.url ?? "";

/** A session belongs to no process: what one server did is there for all the others, at once. */
export async function assertOneService(servers: readonly ServerProcess[]): Promise<void> {
  for (let round = 0; round < servers.length; round += 1) {
    const { id, token } = await create(anyOf(servers, round), "one");
    assert.equal((await ask(anyOf(servers, round + 1), "GET", `/${id}`)).body["data"], "one");
    const written = await write(anyOf(servers, round + 1), { id, token }, "two", "txn");
    assert.equal(written.status, 200);
    assert.deepEqual((await write(anyOf(servers, round + 2), { id, token }, "two", "txn")).body, written.body);
    assert.equal((await write(anyOf(servers, round), { id, token }, "three")).status, 409);
    assert.equal((await ask(anyOf(servers, round + 2), "DELETE", `/${id}`)).status, 200);
    assert.equal((await ask(anyOf(servers, round), "GET", `/${id}`)).status, 404);
  }
}

/** Of many writers with one token, on whichever server, exactly one wins. */
export async function assertOneWinner(servers: readonly ServerProcess[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const slot = await create(anyOf(servers, round), "start");
    const writers = Array.from({ length: 8 }, (_, index) => write(anyOf(servers, index), slot, `writer ${index}`));
    const replies = await Promise.all(writers);
    const winners = replies.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    assert.equal(winners.length, 1, JSON.stringify(replies));
    assert.ok(replies.every(({ status }) => status === 200 || status === 409));
    await assertHolds(anyOf(servers, round + 1), slot, `writer ${winners[0]}`);
  }
}

/** The caps hold for all servers together, however many creations come at once. */
export async function assertCapsHold(servers: readonly ServerProcess[], cap: number): Promise<void> {
  const creations = Array.from({ length: cap * 3 }, (_, index) => ask(anyOf(servers, index), "POST", "", { data: "" }));
  const replies = await Promise.all(creations);
  assert.equal(replies.filter(({ status }) => status === 200).length, cap);
  for (const { status, body } of replies.filter((reply) => reply.status !== 200)) {
    assert.equal(status, 429);
    assert.ok(Number(body["retry_after_ms"]) > 0);
  }
}

async function assertHolds(url: string, { id }: Slot, data: string): Promise<void> {
  assert.equal((await ask(url, "GET", `/${id}`)).body["data"], data);
}
