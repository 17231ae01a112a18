import assert from "node:assert/strict";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { ClientRendezvousFailureReason, MSC4108RendezvousSession } from "matrix-js-sdk/lib/rendezvous/index.js";
import { afterAll } from "vitest";
import { RUNTIMES, startServer } from "../../apps/server/test/server-process.ts";
import { exchange2024 } from "../src/exchange-2024.ts";
import { exchange2025 } from "../src/exchange-2025.ts";
import { CREATE_2024 } from "../src/paths.ts";
import { sender } from "../src/session-2024.ts";

/** A session that lives for seconds, so that a test can see its end. */
const SHORT = ["--store", "memory:", "--session-ttl", "2s"];

const servers = await Promise.all(
  RUNTIMES.map(async (runtime) => ({ runtime, ...(await startServer(runtime, ["--store", "memory:"])) })),
);
afterAll(() => Promise.all(servers.map(({ stop }) => stop())));

/** The devices poll once a second, so the runtimes are tested at the same time. */
function onEachRuntime(name: string, body: (server: string, runtime: Runtime) => Promise<void>): void {
  test(name, async () => void (await Promise.all(servers.map(({ url, runtime }) => body(url, runtime)))));
}

type Session = MSC4108RendezvousSession;

interface Pair {
  readonly shown: Session;
  readonly scanned: Session;
  /** Resolves once the device that scanned has got that many answers of that status. */
  readonly answered: (status: number, count: number) => Promise<void>;
}

/** A session that one device created with `payload`, and as another has it from the QR code. */
async function pair(server: string, payload: string): Promise<Pair> {
  const shown = new MSC4108RendezvousSession({ fallbackRzServer: server + CREATE_2024 });
  await shown.send(payload);
  const answers = new EventTarget();
  const statuses: number[] = [];
  const fetchFn: typeof fetch = async (...request) => {
    const answer = await fetch(...request);
    statuses.push(answer.status);
    answers.dispatchEvent(new Event("answer"));
    return answer;
  };
  const scanned = new MSC4108RendezvousSession({ url: shown.url ?? "", fetchFn });
  const answered = async (status: number, count: number): Promise<void> => {
    while (statuses.filter((one) => one === status).length < count) {
      await new Promise((resolve) => answers.addEventListener("answer", resolve, { once: true }));
    }
  };
  return { shown, scanned, answered };
}

onEachRuntime("a whole exchange, directly", async (server) => {
  const url = await exchange2024({ homeserver: server, create: server + CREATE_2024 });
  assert.ok(url.startsWith(`${server}/`), "the URL of the 201 is used as it stands");
  await exchange2025({ homeserver: server });
});

/** What proxies are known to make of `"token"`; nginx and Apache do the first two in the suite of reverse proxies. */
const MANGLERS: Record<string, (token: string) => string> = {
  "made weak": (token) => `W/"${token}"`,
  "with -gzip": (token) => `"${token}-gzip"`,
  "with -br": (token) => `"${token}-br"`,
  "with -zstd": (token) => `"${token}-zstd"`,
  "with ;gzip": (token) => `"${token};gzip"`,
  "weak and with -gzip": (token) => `W/"${token}-gzip"`,
  "without quotes": (token) => token,
};

onEachRuntime("a whole exchange, whatever is made of ETags on the way", async (server) => {
  const exchanges = Object.values(MANGLERS).map((mangle) => {
    const mangling: typeof fetch = async (...request) => {
      const answer = await fetch(...request);
      const headers = new Headers(answer.headers);
      const etag = headers.get("ETag");
      if (etag !== null) headers.set("ETag", mangle(etag.slice(1, -1)));
      return new Response(answer.body, { status: answer.status, headers });
    };
    return exchange2024({ homeserver: server, create: server + CREATE_2024, fetch: mangling });
  });
  await Promise.all(exchanges);
});

onEachRuntime("an unchanged payload is not taken for a new message: a 304 has the ETag", async (server) => {
  const { shown, scanned, answered } = await pair(server, "old");
  assert.equal(await scanned.receive(), "old");
  const next = scanned.receive();
  await answered(304, 2);
  await shown.send("new");
  assert.equal(await next, "new");
});

onEachRuntime(
  "who lost a race does not take the winner's message for an answer: a 412 has the ETag",
  async (server) => {
    const { shown, scanned, answered } = await pair(server, "");
    assert.equal(await scanned.receive(), "");
    await shown.send("the winner's");
    await scanned.send("the loser's");
    const next = scanned.receive();
    await answered(304, 1);
    await shown.send("the next");
    assert.equal(await next, "the next");
  },
);

onEachRuntime("a message is told by its ETag, not by what it says", async (server) => {
  const { shown, scanned } = await pair(server, "same");
  assert.equal(await scanned.receive(), "same");
  const next = scanned.receive();
  await shown.send("same");
  assert.equal(await next, "same");
});

onEachRuntime("a session that is cancelled is a 404, the one status that ends the polling", async (server) => {
  const { shown } = await pair(server, "");
  const next = shown.receive();
  await sender()("DELETE", shown.url ?? "");
  assert.equal(await next, undefined);
  assert.ok(shown.cancelled);
});

onEachRuntime("Expires is understood: the session ends when it says, not at once", async (_, runtime) => {
  const server = await startServer(runtime, SHORT);
  const reason = Promise.withResolvers<unknown>();
  const onFailure = reason.resolve;
  const session = new MSC4108RendezvousSession({ fallbackRzServer: server.url + CREATE_2024, onFailure });
  await session.send("");
  assert.ok(session.ready && !session.cancelled);
  assert.equal(await session.receive(), undefined);
  assert.equal(await reason.promise, ClientRendezvousFailureReason.Expired);
  await server.stop();
});

onEachRuntime("the longest life that can be configured does not overflow a timer", async (_, runtime) => {
  const server = await startServer(runtime, ["--store", "memory:", "--session-ttl", "24h"]);
  const session = new MSC4108RendezvousSession({ fallbackRzServer: server.url + CREATE_2024 });
  await session.send("");
  // An overflowing timer fires at once: before the answer to any further request.
  await fetch(server.url);
  assert.ok(session.ready && !session.cancelled);
  await session.close();
  await server.stop();
});
