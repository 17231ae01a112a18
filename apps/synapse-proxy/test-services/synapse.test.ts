import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { type Logger, logger } from "matrix-js-sdk/lib/logger.js";
import { ClientEvent, createClient, type MatrixClient, type MatrixEvent, RoomEvent } from "matrix-js-sdk/lib/matrix.js";
import { afterAll } from "vitest";
import { exchange2024 } from "../../../integration/src/exchange-2024.ts";
import { exchange2025 } from "../../../integration/src/exchange-2025.ts";
import { freePort } from "../../../integration/src/program.ts";
import { startSynapse } from "../../../integration/src/synapse.ts";
import { withFlags } from "../src/versions.ts";
import { type ProxyProcess, RUNTIMES, startProxy } from "../test/proxy-process.ts";

// It logs every request.
Object(logger).setLevel("silent");
const say = (): void => {};
const SILENT: Logger = { trace: say, debug: say, info: say, warn: say, error: say, getChild: () => SILENT };

const VERSIONS = "/_matrix/client/versions";
const RENDEZVOUS = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** As people have it: with the listener's own compression. */
const port = await freePort();
const settings = {
  listeners: [
    {
      port,
      type: "http",
      bind_addresses: ["127.0.0.1"],
      x_forwarded: true,
      resources: [{ names: ["client", "media"], compress: true }],
    },
  ],
  // It would wake syncs up.
  presence: { enabled: false },
  rc_message: { per_second: 1000, burst_count: 1000 },
};
let synapse = await startSynapse({ settings, port });
const alice = await synapse.register("alice", true);
const bob = await synapse.register("bob");

interface Side {
  readonly runtime: Runtime;
  /** As it comes: access tokens are checked. */
  readonly proxy: ProxyProcess;
  /** Open to everybody, and believing this machine. */
  readonly open: ProxyProcess;
}

const sides: readonly Side[] = await Promise.all(
  RUNTIMES.map(async (runtime) => ({
    runtime,
    proxy: await startProxy(runtime, synapse.url, []),
    open: await startProxy(runtime, synapse.url, ["--mode", "open", "--trust-proxy", "127.0.0.1"]),
  })),
);

afterAll(async () => {
  const codes = await Promise.all(sides.flatMap(({ proxy, open }) => [proxy.stop(), open.stop()]));
  await synapse.stop();
  assert.deepEqual(new Set(codes), new Set([0]));
}, 60_000);

/** Much of this is waiting, so the runtimes are tested at the same time. */
function onEachRuntime(name: string, body: (side: Side) => Promise<void>): void {
  test(name, async () => void (await Promise.all(sides.map(body))));
}

function bearer(accessToken: string): { headers: Record<string, string> } {
  return { headers: { Authorization: `Bearer ${accessToken}` } };
}

onEachRuntime("the versions are Synapse's, byte for byte, with the flags", async ({ proxy }) => {
  for (const request of [{}, bearer(alice.accessToken)]) {
    const [ours, theirs] = await Promise.all([
      fetch(proxy.url + VERSIONS, request),
      fetch(synapse.url + VERSIONS, request),
    ]);
    assert.deepEqual(Buffer.from(await ours.arrayBuffer()), withFlags(new Uint8Array(await theirs.arrayBuffer())));
    for (const name of ["Cache-Control", "Vary", "Content-Type", "Server", "Access-Control-Allow-Origin"])
      assert.equal(ours.headers.get(name), theirs.headers.get(name), name);
  }
  const bad = await fetch(proxy.url + VERSIONS, bearer("syt_bad"));
  assert.equal(bad.status, 401);
  assert.equal(((await bad.json()) as { errcode: string }).errcode, "M_UNKNOWN_TOKEN");
});

onEachRuntime("what Synapse compresses arrives compressed", async ({ proxy }) => {
  const answer = await fetch(`${proxy.url}/_matrix/client/v3/capabilities`, bearer(alice.accessToken));
  assert.equal(answer.headers.get("Content-Encoding"), "gzip");
  assert.ok("capabilities" in ((await answer.json()) as object));
});

onEachRuntime("only who has an access token may create a session", async ({ proxy }) => {
  const create = async (request: RequestInit): Promise<number> => {
    const answer = await fetch(proxy.url + RENDEZVOUS, { method: "POST", body: '{"data":""}', ...request });
    await answer.arrayBuffer();
    return answer.status;
  };
  assert.equal(await create({}), 401);
  assert.equal(await create(bearer("syt_bad")), 401);
  assert.equal(await create(bearer(bob.accessToken)), 200);
});

onEachRuntime("Synapse learns the client's address, from who may tell it", async ({ runtime, proxy, open }) => {
  const user = await synapse.register(`carol-${runtime}`);
  const claim = { headers: { ...bearer(user.accessToken).headers, "X-Forwarded-For": "203.0.113.9" } };
  for (const { url } of [proxy, open]) {
    await (await fetch(`${url}/_matrix/client/v3/account/whoami`, claim)).arrayBuffer();
  }
  const whois = await synapse.ask("GET", `/_matrix/client/v3/admin/whois/${user.userId}`, alice.accessToken);
  const text = JSON.stringify(whois);
  assert.match(text, /"ip":"127\.0\.0\.1"/);
  assert.match(text, /"ip":"203\.0\.113\.9"/);
});

/** A client of a new user, that is syncing. */
async function startClient(url: string, localpart: string): Promise<MatrixClient> {
  const { userId } = await synapse.register(localpart);
  const client = createClient({ baseUrl: url, logger: SILENT });
  const password = "a password of this test";
  await client
    .loginRequest({ type: "m.login.password", identifier: { type: "m.id.user", user: userId }, password })
    .then(({ access_token, device_id }) => {
      client.setAccessToken(access_token);
      client.deviceId = device_id;
    });
  client.credentials.userId = userId;
  const prepared = Promise.withResolvers<void>();
  client.on(ClientEvent.Sync, (state) => {
    if (state === "PREPARED") prepared.resolve();
  });
  await client.startClient({ pollTimeout: 30_000 });
  await prepared.promise;
  return client;
}

onEachRuntime("matrix-js-sdk logs in, syncs, sends, uploads and downloads", async ({ runtime, proxy }) => {
  const dave = await startClient(proxy.url, `dave-${runtime}`);
  const erin = await startClient(proxy.url, `erin-${runtime}`);
  const { room_id } = await dave.createRoom({ invite: [erin.getUserId() ?? ""] });
  await erin.joinRoom(room_id);
  const arrived = Promise.withResolvers<MatrixEvent>();
  erin.on(RoomEvent.Timeline, (event) => {
    if (event.getType() === "m.room.message") arrived.resolve(event);
  });

  const bytes = randomBytes(20 * 1024 * 1024);
  const { content_uri } = await dave.uploadContent(new Blob([bytes]), { type: "application/octet-stream" });
  await dave.sendMessage(room_id, { msgtype: "m.file", body: "a file", url: content_uri } as never);
  const { url } = (await arrived.promise).getContent<{ url: string }>();
  const http = erin.mxcUrlToHttp(url, undefined, undefined, undefined, false, true, true) ?? "";
  assert.ok(http.startsWith(proxy.url), http);
  const { headers } = bearer(erin.getAccessToken() ?? "");
  const download = await fetch(http, { headers: { ...headers, "Accept-Encoding": "identity" } });
  assert.equal(download.headers.get("Content-Length"), String(bytes.length));
  assert.deepEqual(Buffer.from(await download.arrayBuffer()), bytes);
  for (const client of [dave, erin]) {
    client.stopClient();
    await client.logout(true);
  }
});

onEachRuntime(
  "an upload over Synapse's limit, on which Synapse hangs up, is an answer that the client can read",
  async ({ proxy }) => {
    const upload = (server: string): Promise<Response> =>
      fetch(`${server}/_matrix/media/v3/upload`, {
        method: "POST",
        body: new Uint8Array(60 * 1024 * 1024),
        ...bearer(bob.accessToken),
      });
    await assert.rejects(upload(synapse.url));
    const answer = await upload(proxy.url);
    assert.equal(answer.status, 502);
    assert.equal(((await answer.json()) as { errcode: string }).errcode, "M_UNKNOWN");
  },
);

onEachRuntime("two devices exchange messages with the 2024 version and with the 2025 version", async ({ open }) => {
  await exchange2024({ homeserver: open.url });
  await exchange2025({ homeserver: open.url });
});

onEachRuntime("a sync waits as long as it was told to", async ({ proxy }) => {
  const sync = `${proxy.url}/_matrix/client/v3/sync?timeout=90000`;
  const first = (await (await fetch(sync, bearer(bob.accessToken))).json()) as { next_batch: string };
  const began = performance.now();
  const second = await fetch(`${sync}&since=${first.next_batch}`, bearer(bob.accessToken));
  assert.equal(second.status, 200);
  await second.arrayBuffer();
  assert.ok(performance.now() - began >= 89_000, "it waited");
});

test("without Synapse, clients read that it is away; when it is back, they need not know", async () => {
  await synapse.stop();
  for (const { proxy } of sides) {
    const answer = await fetch(proxy.url + VERSIONS);
    assert.equal(answer.status, 502);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
    assert.equal(((await answer.json()) as { errcode: string }).errcode, "M_UNKNOWN");
  }
  synapse = await startSynapse({ settings, port });
  for (const { proxy } of sides) assert.equal((await fetch(proxy.url + VERSIONS)).status, 200);
});
