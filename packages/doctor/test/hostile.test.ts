import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { answersOf, type Case, check, examined, sentence } from "./examination.ts";
import { PATH_2025 } from "./spoils.ts";
import { at, pathOf, startStandIn, unusedUrl } from "./stand-in.ts";

const NO = "no no no no";
const VERSIONS = "/_matrix/client/versions";

const TOO_LARGE = "/versions: the answer from URL is far longer than any such answer, and was not read to its end.";
const LATE = "/versions: URL did not answer in time.";
const HASTY = { limits: { requestMs: 200 } };
/** Much more than is read, and what the sockets on both sides take in by themselves. */
const MOST_SENT = 8_000_000;

/** Counts what is taken of it. */
function endless(sent: { bytes: number }): Response {
  const chunk = new Uint8Array(65_536).fill(32);
  const pull = (controller: ReadableStreamDefaultController): void => {
    sent.bytes += chunk.length;
    controller.enqueue(chunk);
  };
  return new Response(new ReadableStream({ pull }));
}

/** Each in its time, and all of them never. */
function drip(): Response {
  return new Response(
    new ReadableStream({
      async pull(controller) {
        await pause(20);
        controller.enqueue(new Uint8Array(1).fill(32));
      },
    }),
  );
}

/** 50 MB that are 50 KB on the way. */
const bomb = gzipSync(Buffer.alloc(50_000_000, " "));

const CASES: readonly Case[] = [
  {
    name: "a body without end",
    spoil: at(VERSIONS, () => endless({ bytes: 0 })),
    answers: NO,
    finding: "body_too_large",
    says: TOO_LARGE,
  },
  {
    name: "10 MB of JSON",
    spoil: at(VERSIONS, () => Response.json({ versions: ["x".repeat(10_000_000)] })),
    answers: NO,
    finding: "body_too_large",
    says: TOO_LARGE,
  },
  {
    name: "50 MB that are small while compressed",
    spoil: at(VERSIONS, () => new Response(bomb, { headers: { "Content-Encoding": "gzip" } })),
    answers: NO,
    finding: "body_too_large",
    says: TOO_LARGE,
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
    options: HASTY,
    answers: NO,
    finding: "timeout",
    says: LATE,
  },
  {
    name: "a body that stops in the middle",
    spoil: at(
      VERSIONS,
      () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) })),
    ),
    options: HASTY,
    answers: NO,
    finding: "timeout",
    says: LATE,
  },
  {
    name: "a body of one byte after the other, without end",
    spoil: at(VERSIONS, drip),
    options: HASTY,
    answers: NO,
    finding: "timeout",
    says: LATE,
  },
  {
    name: "redirects to a new place each time",
    spoil: at(VERSIONS, (request) => {
      const hop = Number(new URL(request.url).searchParams.get("hop") ?? 0) + 1;
      return new Response(null, { status: 307, headers: { Location: `${VERSIONS}?hop=${hop}` } });
    }),
    answers: NO,
    finding: "redirect_loop",
    says: "/versions: URL redirects again and again.",
  },
  {
    name: "an image instead of JSON",
    spoil: at(
      VERSIONS,
      () => new Response(new Uint8Array(300).fill(200), { headers: { "Content-Type": "image/png" } }),
    ),
    answers: NO,
    finding: "versions_invalid",
    says: "GET /_matrix/client/versions is not answered as a homeserver answers (200).",
  },
  {
    name: "a user name and a password in the base URL",
    spoil: at("/.well-known", () => Response.json({ "m.homeserver": { base_url: "https://a:b@example.org" } })),
    answers: NO,
    finding: "well_known_invalid",
    says: ".well-known/matrix/client is no JSON object with m.homeserver and a base_url in it (200). Clients refuse to go on.",
  },
  {
    name: "a session's ID that leads elsewhere",
    spoil: (request, next) =>
      request.method === "POST" && pathOf(request) === PATH_2025
        ? Response.json({ id: "..", sequence_token: "x", expires_in_ms: 300_000 })
        : next(request),
    answers: "yes yes no no",
    finding: "answer_invalid_2025",
    says: "creating: the answer (200 ) lacks what MSC4388 wants in it: id, sequence_token, expires_in_ms.",
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
    const report = await examined({ target });
    assert.equal(sentence(report, finding), says);
    assert.equal(answersOf(report), NO);
  });
}

test("of a body without end, little is taken, and soon given up", async () => {
  const sent = { bytes: 0 };
  const standIn = await startStandIn(at(VERSIONS, () => endless(sent)));
  const begun = performance.now();
  sentence(await examined({ target: standIn.url }), "body_too_large");
  assert.ok(performance.now() - begun < 5_000, "it did not give up at once");
  assert.ok(sent.bytes < MOST_SENT, `${sent.bytes} bytes were taken`);
  await standIn.close();
});

test("a short ID from a server does not garble the report", async () => {
  const standIn = await startStandIn((request, next) =>
    request.method === "POST" && pathOf(request) === PATH_2025
      ? Response.json({ id: "e", sequence_token: "x", expires_in_ms: 300_000 })
      : next(request),
  );
  const report = await examined({ target: standIn.url });
  assert.match(sentence(report, "session_lost_2025"), /^A session was gone right after it had been created\./);
  await standIn.close();
});
