import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler, type Handler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { inTime } from "../../http/test/limits/clock.ts";
import { configure } from "../src/config/config.ts";
import { readFlags } from "../src/config/flags.ts";
import { OPTIONS } from "../src/config/options.ts";
import { createLimits } from "../src/limits.ts";
import type { OpenedStore } from "../src/stores.ts";

const NEW = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const OLD = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
const SECOND_MS = 1_000;

function limitsWith(flags: readonly string[], store: OpenedStore = memoryStore(), warn = (_: string): void => {}) {
  const configured = configure(OPTIONS, readFlags(["--mode", "open", ...flags], OPTIONS), {});
  assert.ok(configured.ok);
  return createLimits(configured.config, store, warn);
}

/** A sign-in of two devices: each second both read, and now and then one of them writes. */
interface Pair {
  read(): Promise<Response>;
  write(second: number): Promise<Response>;
}

async function pairs(handler: Handler, count: number): Promise<Pair[]> {
  const send = (method: string, url: string, headers: Record<string, string> = {}, body: string | null = null) =>
    handler(new Request(new URL(url, "http://localhost"), { method, headers, body }), { clientAddress: "192.0.2.1" });
  const newPair = async (): Promise<Pair> => {
    const created = (await (await send("POST", NEW, {}, '{"data":""}')).json()) as Record<string, string>;
    const url = `${NEW}/${created["id"]}`;
    let token = created["sequence_token"];
    const write = async (second: number): Promise<Response> => {
      const answer = await send("PUT", url, {}, JSON.stringify({ sequence_token: token, data: `${second}` }));
      token = ((await answer.clone().json()) as Record<string, string>)["sequence_token"];
      return answer;
    };
    return { read: () => send("GET", url), write };
  };
  const oldPair = async (): Promise<Pair> => {
    const created = await send("POST", OLD, { "Content-Type": "text/plain" }, "");
    const { url } = (await created.json()) as { url: string };
    let etag = created.headers.get("ETag") ?? "";
    const write = async (second: number): Promise<Response> => {
      const answer = await send("PUT", url, { "Content-Type": "text/plain", "If-Match": etag }, `${second}`);
      etag = answer.headers.get("ETag") ?? "";
      return answer;
    };
    return { read: () => send("GET", url, { "If-None-Match": etag }), write };
  };
  return await Promise.all(Array.from({ length: count }, (_, index) => (index % 2 ? oldPair() : newPair())));
}

/** The statuses that ten pairs behind one address get in a session's whole life. */
async function pollingOfTenPairs(flags: readonly string[]): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  await inTime(async (pass) => {
    let now = 1_800_000_000_000;
    const msc4108 = { publicUrl: "http://localhost" };
    const handler = createHandler({
      store: memoryStore(),
      mode: "open",
      limits: limitsWith(flags),
      msc4108,
      now: () => now,
    });
    const all = await pairs(handler, 10);
    for (let second = 1; second < 300; second += 1) {
      pass(SECOND_MS);
      now += SECOND_MS;
      for (const pair of all) {
        const answers = [await pair.read(), await pair.read(), ...(second % 3 ? [] : [await pair.write(second)])];
        for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }
  });
  return statuses;
}

test("twenty devices behind one address that poll each second never see a 429, with the default limits", async () => {
  assert.deepEqual(await pollingOfTenPairs([]), { 200: 299 * 10 + 99 * 5, 202: 99 * 5, 304: 299 * 10 });
});

test("they would with limits that are too tight", async () => {
  const { 429: refused = 0 } = await pollingOfTenPairs(["--rate-read", "19:20"]);
  assert.ok(refused > 0);
});

test("a limit that is off is none", () => {
  const limits = limitsWith(["--rate-create", "off", "--rate-read", "off"]);
  assert.deepEqual([limits.create, limits.read, typeof limits.write?.take], [undefined, undefined, "function"]);
});

test("limits are shared where the store can, and counted here, with one warning, where it fails", async () => {
  const asked: unknown[] = [];
  const warnings: string[] = [];
  const take = () => Promise.reject(new Error("Redis is gone"));
  const rateLimiter: OpenedStore["rateLimiter"] = (...limiter) => {
    asked.push(limiter);
    return { take };
  };
  const limits = limitsWith(["--rate-read", "0.5:2"], { ...memoryStore(), rateLimiter }, (text) => warnings.push(text));
  assert.deepEqual(asked[1], ["read", { perSecond: 0.5, burstCount: 2 }]);
  const answers = [];
  for (let i = 0; i < 3; i += 1) answers.push(((await limits.read?.take("alice")) ?? { ok: undefined }).ok);
  assert.deepEqual(answers, [true, true, false]);
  assert.deepEqual(warnings, [
    "Rate limits are counted by each process for itself as long as they cannot be shared: Redis is gone",
  ]);
});
