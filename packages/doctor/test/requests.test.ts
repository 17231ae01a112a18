/** Nothing is sent that a client would not send. */
import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { answersOf, examined } from "./examination.ts";
import { CREATE_2024, PATH_2025, SESSIONS_2024 } from "./spoils.ts";
import { ACCESS_TOKEN, startStandIn } from "./stand-in.ts";

/** What clients and their runtimes send with requests; what carries meaning beyond that is in the table. */
const ALWAYS = [
  "accept",
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "sec-fetch-mode",
];
const OF_PREFLIGHTS = ["origin", "access-control-request-method", "access-control-request-headers"];
/** Fetch standard, "HTTP-network-or-cache fetch": what it adds where a header is a condition. */
const OF_CONDITIONS = ["cache-control", "pragma"];

/** Every request of clients: its method, its path, and headers beyond those of any request. */
const REQUESTS: readonly (readonly [method: string, path: RegExp, headers: readonly string[]])[] = [
  ["GET", /^\/\.well-known\/matrix\/client$/, ["origin"]],
  ["GET", /^\/_matrix\/client\/versions$/, []],
  ["GET", /^\/_matrix\/client\/v1\/auth_metadata$/, []],
  ["GET", new RegExp(`^${PATH_2025}$`), ["authorization"]],
  ["POST", new RegExp(`^${PATH_2025}$`), ["content-type", "authorization"]],
  ["GET", new RegExp(`^${PATH_2025}/[\\w.~-]+(\\?since=[\\w.~-]+&timeout=\\d+)?$`), ["origin"]],
  ["PUT", new RegExp(`^${PATH_2025}/[\\w.~-]+$`), ["content-type"]],
  ["DELETE", new RegExp(`^${PATH_2025}/[\\w.~-]+$`), []],
  ["POST", new RegExp(`^${CREATE_2024}$`), ["content-type", "origin"]],
  ["GET", new RegExp(`^${SESSIONS_2024}[\\w.~-]+$`), ["if-none-match", "origin", ...OF_CONDITIONS]],
  ["PUT", new RegExp(`^${SESSIONS_2024}[\\w.~-]+$`), ["content-type", "if-match", ...OF_CONDITIONS]],
  ["DELETE", new RegExp(`^${SESSIONS_2024}[\\w.~-]+$`), []],
  ["OPTIONS", new RegExp(`^(${PATH_2025}(/[\\w.~-]+)?|${SESSIONS_2024}[\\w.~-]+)$`), OF_PREFLIGHTS],
];

/** What is unlike a client about a request. */
function unlikeClients({ method, url, headers }: Request): string[] {
  const path = url.slice(new URL(url).origin.length);
  const known = REQUESTS.find(([knownMethod, knownPath]) => knownMethod === method && knownPath.test(path));
  if (known === undefined) return [`${method} ${path}`];
  return [...headers.keys()]
    .filter((name) => ![...ALWAYS, "user-agent", ...known[2]].includes(name))
    .map((name) => `${method} ${path} with ${name}`);
}

test("every request is one that clients send", async () => {
  const [seen, unlike] = [new Set<string>(), [] as string[]];
  const standIn = await startStandIn(
    (request, next) => {
      seen.add(request.method);
      unlike.push(...unlikeClients(request));
      return next(request);
    },
    { mode: "authenticated" },
  );
  const limits = { holdMs: 1_000 };
  const report = await examined({ target: standIn.url, accessToken: ACCESS_TOKEN, limits });
  await standIn.close();
  assert.equal(answersOf(report), "yes yes off yes");
  assert.deepEqual([...seen].toSorted(), ["DELETE", "GET", "OPTIONS", "POST", "PUT"]);
  assert.deepEqual(unlike, []);
});

test("a payload is at most 4,096 bytes, and its JSON at most 24 KiB and a token", async () => {
  const lengths: number[] = [];
  const standIn = await startStandIn((request, next) => {
    lengths.push(Number(request.headers.get("Content-Length") ?? 0));
    return next(request);
  });
  await examined({ target: standIn.url });
  await standIn.close();
  const longest = Math.max(...lengths);
  assert.ok(longest > 24 * 1024 && longest < 24 * 1024 + 300, String(longest));
});
