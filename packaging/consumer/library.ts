/** What somebody does who installed every package: some of each, on the runtime that this is run on. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  decodeQrCode,
  encodeSignInMessage,
  joinChannel,
  offerChannel,
  parseSignInMessage,
} from "@matrix-rendezvous/client";
import { createRendezvous, type RendezvousStore } from "@matrix-rendezvous/core";
import { examine } from "@matrix-rendezvous/doctor";
import { createApp } from "@matrix-rendezvous/http";
import { tokenBuckets } from "@matrix-rendezvous/http/limits";
import { whoamiVerifier } from "@matrix-rendezvous/http/verifiers";
import { playgroundApp } from "@matrix-rendezvous/playground";
import { adapter, configure, OPTIONS, readFlags } from "@matrix-rendezvous/program";
import { openDenoKvStore } from "@matrix-rendezvous/store-deno-kv";
import { openPostgresStore } from "@matrix-rendezvous/store-postgres";
import { openRedisStore } from "@matrix-rendezvous/store-redis";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { memoryUnderTest, storeContract } from "@matrix-rendezvous/testkit";
import { httpChecks } from "@matrix-rendezvous/testkit/http";

const { EXPECTED_RUNTIME, POSTGRES_URL, REDIS_URL } = process.env;
const runtime = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";
assert.equal(runtime, EXPECTED_RUNTIME);
assert.ok(POSTGRES_URL !== undefined && REDIS_URL !== undefined);

const folder = await mkdtemp(join(tmpdir(), "consumer-"));
const stores: Record<string, () => Promise<RendezvousStore>> = {
  sqlite: () => openSqliteStore(join(folder, "rendezvous.db")),
  postgres: () => openPostgresStore(POSTGRES_URL, { schema: "rendezvous_packaging" }),
  redis: () => openRedisStore(REDIS_URL),
};
if (runtime === "deno") stores["deno-kv"] = () => openDenoKvStore(join(folder, "rendezvous.kv"));
else await assert.rejects(openDenoKvStore(), /Deno/);
for (const open of Object.values(stores)) await keepASession(await open());

async function keepASession(store: RendezvousStore): Promise<void> {
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const rendezvous = createRendezvous({ store, now: Date.now, randomBytes });
  const created = await rendezvous.create(Uint8Array.of(1, 2, 3), "@alice:example.org");
  assert.ok(created.ok);
  const read = await rendezvous.read(created.value.id);
  assert.ok(read.ok);
  assert.deepEqual([...read.value.payload], [1, 2, 3]);
  await rendezvous.cancel(created.value.id);
  await store.close();
}

assert.ok(configure(OPTIONS, readFlags(["--mode", "open"], OPTIONS), {}).ok);
assert.ok((await tokenBuckets({ perSecond: 1, burstCount: 1 }).take("@alice:example.org")).ok);
await assert.rejects(whoamiVerifier({ homeserver: "http://127.0.0.1:1" }).verify("token"));

const app = createApp({ store: await openSqliteStore(join(folder, "served.db")), mode: "open" });
app.route("/", await playgroundApp());
const serve = await adapter();
const listening = await serve(async (request, context) => app.fetch(request, context), { port: 0 });
const baseUrl = `http://127.0.0.1:${listening.port}`;
assert.equal((await fetch(`${baseUrl}/playground/`)).status, 200);
const report = await examine({ target: baseUrl, rendezvousOnly: true });
assert.equal(report.version, 1);

const offer = await offerChannel({ baseUrl, intent: "new", profile: "msc" });
const decoded = decodeQrCode(offer.qrCode);
assert.ok(decoded.ok && decoded.value.version === "2025");
const [unconfirmed, joined] = await Promise.all([
  offer.accept(),
  joinChannel({ qrCode: decoded.value, intent: "existing", profile: "msc" }),
]);
const channel = unconfirmed.confirm(joined.checkCode);
await joined.send(encodeSignInMessage({ type: "m.login.declined" }));
const message = parseSignInMessage(await channel.receive());
assert.ok(message.ok && message.value.type === "m.login.declined");

for (const { run } of storeContract(memoryUnderTest)) await run();
for (const { run } of httpChecks({ baseUrl, mode: "open" }, { groups: ["read"] })) await run();

await listening.close();
await rm(folder, { recursive: true });
console.log(`every package was used on ${runtime}`);
