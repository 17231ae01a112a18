import assert from "node:assert/strict";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { freePort } from "../../../integration/src/program.ts";
import { type ServerProcess, startServer } from "../test/server-process.ts";
import { ask, create, type Reply, type Slot, write } from "../test/sessions.ts";
import { type Place, startLoadBalancer } from "./load-balancer.ts";
import { SHARED_STORES, withStore } from "./stores.ts";

/** Sign-ins that are under way at any moment: every other one reads with long polls. */
const CONCURRENCY = 8;
/** Messages of a sign-in, after the one that the session is created with. */
const MESSAGES = 4;

/** Longer than HAProxy takes to notice, as the documentation has it: two checks, here 100 ms apart, on a busy machine. */
const DELAY = ["--shutdown-delay", "3s"];
const FLAGS = ["--max-sessions", "1000000", "--max-sessions-per-owner", "1000000", ...DELAY];

/** How long the load balancer may take to send a replica something, in milliseconds. */
const PATIENCE_MS = 5_000;

interface Count {
  requests: number;
  signIns: number;
}

/** Sends a request that must succeed. */
async function succeed(count: Count, sent: Promise<Reply>): Promise<Reply["body"]> {
  const { status, body } = await sent;
  assert.equal(status, 200, JSON.stringify(body));
  count.requests += 1;
  return body;
}

/** Reads until the session is no longer what `token` names, as the other device does. */
async function readNext(url: string, { id, token }: Slot, isLongPoll: boolean, count: Count): Promise<Reply["body"]> {
  const query = isLongPoll ? `?since=${token}&timeout=5000` : "";
  for (;;) {
    const body = await succeed(count, ask(url, "GET", `/${id}${query}`));
    if (body["sequence_token"] !== token) return body;
  }
}

/** A session from its creation to its end; each message is awaited by the other device before it is sent. */
async function signIn(url: string, isLongPoll: boolean, count: Count): Promise<void> {
  let slot = await create(url, "");
  count.requests += 1;
  for (let message = 0; message < MESSAGES; message += 1) {
    const arrives = readNext(url, slot, isLongPoll, count);
    const [read] = await Promise.all([arrives, succeed(count, write(url, slot, `message ${message}`))]);
    assert.equal(read["data"], `message ${message}`);
    slot = { id: slot.id, token: String(read["sequence_token"]) };
  }
  await succeed(count, ask(url, "DELETE", `/${slot.id}`));
  count.signIns += 1;
}

interface Load {
  readonly count: Count;
  /** Rejects as soon as a request fails. */
  readonly failed: Promise<unknown>;
  /** Lets the sign-ins that are under way end; rejects if a request has failed. */
  stop(): Promise<unknown>;
}

/** Keeps signing in until it is told to stop. */
function underLoad(url: string): Load {
  const count: Count = { requests: 0, signIns: 0 };
  let goesOn = true;
  const keepOn = async (isLongPoll: boolean): Promise<void> => {
    while (goesOn) await signIn(url, isLongPoll, count);
  };
  const users = Promise.all(Array.from({ length: CONCURRENCY }, (_, index) => keepOn(index % 2 === 0)));
  // Who waits for it may not have begun to.
  users.catch(() => {});
  const stop = (): Promise<unknown> => {
    goesOn = false;
    return users;
  };
  return { count, failed: users, stop };
}

/** Waits until a server has served requests: it is asked as long as it takes the load balancer to send it some. */
async function servesRequests({ opsUrl }: ServerProcess): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let page: string;
  do page = await (await fetch(`${opsUrl}/metrics`, { signal })).text();
  while (!/^rendezvous_http_requests_total\{.*status="200"\} [1-9]/m.test(page));
}

const BEFORE: readonly [Runtime, Runtime] = ["node", "bun"];
const AFTER: readonly [Runtime, Runtime] = ["deno", "node"];

async function replaceBoth(storeUrl: string): Promise<Count> {
  const started: ServerProcess[] = [];
  const start = async (runtime: Runtime, { port, opsPort }: Place): Promise<ServerProcess> => {
    const where = ["--port", String(port), "--ops-port", String(opsPort), "--store", storeUrl];
    const server = await startServer(runtime, [...where, ...FLAGS]);
    started.push(server);
    return server;
  };
  const place = async (): Promise<Place> => ({ port: await freePort(), opsPort: await freePort() });
  const places = [await place(), await place()] as const;
  const replicas = [await start(BEFORE[0], places[0]), await start(BEFORE[1], places[1])] as const;
  const balancer = await startLoadBalancer(places);
  try {
    await balancer.allInUse();
    const load = underLoad(balancer.url);
    for (const index of [0, 1] as const) {
      await Promise.race([servesRequests(replicas[index]), load.failed]);
      assert.equal(await replicas[index].stop(), 0);
      const next = await start(AFTER[index], places[index]);
      await balancer.allInUse();
      await Promise.race([servesRequests(next), load.failed]);
    }
    await load.stop();
    for (const server of started.slice(replicas.length)) assert.equal(await server.stop(), 0);
    return load.count;
  } catch (error) {
    throw new Error(`HAProxy said: ${balancer.output()}`, { cause: error });
  } finally {
    for (const { child } of started) child.kill("SIGKILL");
    await balancer.stop();
  }
}

for (const store of SHARED_STORES.filter(({ name }) => ["Redis", "PostgreSQL"].includes(name))) {
  test(`${store.name}: both replicas behind HAProxy are replaced, and no request and no sign-in fails`, () =>
    withStore(store, async (storeUrl) => {
      const { requests, signIns } = await replaceBoth(storeUrl);
      assert.ok(signIns > 0);
      console.log(`${store.name}: two replicas replaced under ${requests} requests of ${signIns} sign-ins, 0 failed`);
    }));
}
