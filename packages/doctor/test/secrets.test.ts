/** What must not get out: access tokens, and what a terminal would obey. */
import assert from "node:assert/strict";
import { printed } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import { examined, sentence } from "./examination.ts";
import { listen } from "./listen.ts";
import { PATH_2025 } from "./spoils.ts";
import { ACCESS_TOKEN, at, pathOf, startStandIn } from "./stand-in.ts";

test("the access token is not printed, though the homeserver says it back", async () => {
  const standIn = await startStandIn(
    (request, next) => {
      const token = request.headers.get("Authorization");
      if (token === null || !pathOf(request).startsWith(PATH_2025)) return next(request);
      return Response.json({ errcode: token, error: token }, { status: 400, headers: { "Content-Type": token } });
    },
    { mode: "authenticated" },
  );
  const report = await examined({ target: standIn.url, accessToken: ACCESS_TOKEN });
  assert.match(sentence(report, "discovery_invalid"), /\(the access token\)/);
  for (const text of [JSON.stringify(report), printed(report, true)]) assert.ok(!text.includes(ACCESS_TOKEN));
  await standIn.close();
});

test("a server's words do not reach the terminal as commands", async () => {
  const commands = at("/_matrix/client/unstable/", () =>
    Response.json({ errcode: "\u001b[2Jx\u009b\u202e" }, { status: 400 }),
  );
  const standIn = await startStandIn(commands);
  const report = await examined({ target: standIn.url });
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
    await examined({ target: standIn.url, accessToken: ACCESS_TOKEN });
    // As a client: first without the access token, then with it.
    assert.ok(heard.length > 1, "the other origin was asked once only");
    assert.deepEqual(new Set(heard), new Set(["GET null"]));
  } finally {
    await standIn.close();
    await other.close();
  }
});

test("no part of the access token is printed, wherever an answer is cut", async () => {
  const standIn = await startStandIn(
    (request, next) => {
      const token = request.headers.get("Authorization")?.slice("Bearer ".length);
      if (token === undefined) return next(request);
      const length = Number(standIn.url.slice(-2)) % 7;
      return new Response("x".repeat(290 + length) + token, { status: 400 });
    },
    { mode: "authenticated" },
  );
  const report = JSON.stringify(await examined({ target: standIn.url, accessToken: ACCESS_TOKEN }));
  assert.match(report, /x{290}/);
  assert.ok(!report.includes(ACCESS_TOKEN.slice(0, 4)));
  await standIn.close();
});
