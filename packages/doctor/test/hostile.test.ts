import assert from "node:assert/strict";
import { examine, printed } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import { answersOf, type Case, check, sentence } from "./examination.ts";
import { listen } from "./listen.ts";
import { PATH_2025 } from "./spoils.ts";
import { ACCESS_TOKEN, at, pathOf, startStandIn, unusedUrl } from "./stand-in.ts";

const NO = "no no no no";
const VERSIONS = "/_matrix/client/versions";

function endless(): Response {
  const chunk = new Uint8Array(65_536).fill(32);
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
}

const CASES: readonly Case[] = [
  {
    name: "a body without end",
    spoil: at(VERSIONS, endless),
    answers: NO,
    finding: "body_too_large",
    says: "/versions: the answer from URL is far longer than any such answer, and was not read to its end.",
  },
  {
    name: "10 MB of JSON",
    spoil: at(VERSIONS, () => Response.json({ versions: ["x".repeat(10_000_000)] })),
    answers: NO,
    finding: "body_too_large",
    says: "/versions: the answer from URL is far longer than any such answer, and was not read to its end.",
  },
  {
    name: "redirects in a circle",
    spoil: at(VERSIONS, () => new Response(null, { status: 302, headers: { Location: VERSIONS } })),
    answers: NO,
    finding: "redirect_loop",
    says: "/versions: URL redirects again and again.",
  },
  {
    name: "no answer in time",
    spoil: (request, next) => (pathOf(request) === VERSIONS ? new Promise<Response>(() => {}) : next(request)),
    options: { limits: { requestMs: 200 } },
    answers: NO,
    finding: "timeout",
    says: "/versions: URL did not answer in time.",
  },
  {
    name: "a body that stops in the middle",
    spoil: at(
      VERSIONS,
      () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) })),
    ),
    options: { limits: { requestMs: 200 } },
    answers: NO,
    finding: "timeout",
    says: "/versions: URL did not answer in time.",
  },
  {
    name: "JSON that is no object",
    spoil: at(VERSIONS, () => Response.json([])),
    answers: NO,
    finding: "versions_invalid",
    says: "GET /_matrix/client/versions is not answered as a homeserver answers (200).",
  },
];

for (const one of CASES) test(one.name, () => check(one));

const nowhere = await unusedUrl();

for (const [target, finding, says] of [
  [nowhere, "connection_refused", `.well-known: nothing listens at ${nowhere}.`],
  ["nobody.invalid", "host_unknown", ".well-known: the name in https://nobody.invalid is not known to DNS."],
  ["@a:nobody.invalid", "host_unknown", ".well-known: the name in https://nobody.invalid is not known to DNS."],
  ["@alice", "not_an_address", "This is no URL, no server name and no user ID."],
  ["ftp://example.org", "not_an_address", "This is no URL, no server name and no user ID."],
  ["https://", "not_an_address", "This is no URL, no server name and no user ID."],
] as const) {
  test(`${target} is no homeserver`, async () => {
    const report = await examine({ target });
    assert.equal(sentence(report, finding), says);
    assert.equal(answersOf(report), NO);
  });
}

test("nothing is left behind where an exchange fails", async () => {
  const standIn = await startStandIn((request, next) =>
    request.method === "PUT" ? new Response("", { status: 500 }) : next(request),
  );
  assert.equal((await examine({ target: standIn.url })).ok, false);
  assert.equal(await standIn.live(), 0);
  await standIn.close();
});

test("nothing is left behind where the examination is interrupted", async () => {
  const interrupted = new AbortController();
  const late = Promise.withResolvers<Response>();
  const standIn = await startStandIn(async (request, next) => {
    if (request.method !== "PUT") return await next(request);
    interrupted.abort();
    return await late.promise;
  });
  assert.equal((await examine({ target: standIn.url, signal: interrupted.signal })).ok, false);
  assert.equal(await standIn.live(), 0);
  late.resolve(new Response());
  await standIn.close();
});

test("the access token is not printed, though the homeserver says it back", async () => {
  const standIn = await startStandIn(
    (request, next) => {
      const token = request.headers.get("Authorization");
      if (token === null || !pathOf(request).startsWith(PATH_2025)) return next(request);
      return Response.json({ errcode: token, error: token }, { status: 400, headers: { "Content-Type": token } });
    },
    { mode: "authenticated" },
  );
  const report = await examine({ target: standIn.url, accessToken: ACCESS_TOKEN });
  assert.match(sentence(report, "discovery_invalid"), /\(the access token\)/);
  for (const text of [JSON.stringify(report), printed(report, true)]) assert.ok(!text.includes(ACCESS_TOKEN));
  await standIn.close();
});

test("a server's words do not reach the terminal as commands", async () => {
  const commands = at("/_matrix/client/unstable/", () =>
    Response.json({ errcode: "\u001b[2Jx\u009b\u202e" }, { status: 400 }),
  );
  const standIn = await startStandIn(commands);
  const report = await examine({ target: standIn.url });
  assert.match(sentence(report, "create_failed_2024"), /400 \ufffd\[2Jx\ufffd\ufffd/);
  await standIn.close();
});

test("the access token does not go to another origin, though the homeserver redirects there", async () => {
  const heard: string[] = [];
  const other = await listen(async (request) => {
    heard.push(`${request.method} ${request.headers.get("Authorization")}`);
    return Response.json({ errcode: "M_MISSING_TOKEN", error: "Who is it?" }, { status: 401 });
  });
  const standIn = await startStandIn(
    (request, next) => {
      const isCollection = pathOf(request) === PATH_2025;
      return isCollection ? new Response(null, { status: 307, headers: { Location: `${other.url}/` } }) : next(request);
    },
    { mode: "authenticated" },
  );
  try {
    await examine({ target: standIn.url, accessToken: ACCESS_TOKEN });
    // As a client: first without the access token, then with it.
    assert.ok(heard.length > 1, "the other origin was asked once only");
    assert.deepEqual(new Set(heard), new Set(["GET null"]));
  } finally {
    await standIn.close();
    await other.close();
  }
});
