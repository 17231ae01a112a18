import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type ConformanceOptions, conforms, type Report, runConformance } from "@matrix-rendezvous/testkit/conformance";
import { test } from "@matrix-rendezvous/testkit/runner";
import { startStandIn } from "./conformance/stand-in.ts";

async function reportOn(listener: RequestListener, options: Partial<ConformanceOptions> = {}): Promise<Report> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const report = await runConformance({ baseUrl, waitMs: 5_000, ...options });
  server.close();
  server.closeAllConnections();
  return report;
}

/** Why each version is not served. */
function reasonsOf({ results }: Report): string[] {
  return results.filter(({ check }) => check.id.endsWith(".served")).map(({ reason }) => reason);
}

interface Case {
  readonly listener: RequestListener;
  readonly says: RegExp;
  /** How long it is waited for, where it takes too long. */
  readonly waitMs?: number;
}

const CASES: Readonly<Record<string, Case>> = {
  "a web page": {
    listener: (_, response) => response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not here</h1>"),
    says: /was answered 404 with text\/html, which no homeserver answers: see whether this is its base URL$/,
  },
  "a server that has it switched off": {
    listener: (_, response) =>
      response.writeHead(404, { "content-type": "application/json" }).end('{"errcode":"M_UNRECOGNIZED","error":""}'),
    says: /^the 202[45] version is not served: POST \S+( or \S+)? was answered 404 M_UNRECOGNIZED$/,
  },
  "a redirect": {
    listener: (_, response) => response.writeHead(301, { location: "https://example.org/" }).end(),
    says: /was answered 301, a redirect to https:\/\/example\.org\//,
  },
  "a breakdown": {
    listener: (_, response) => response.writeHead(502).end("Bad Gateway"),
    says: /^answered 502 Bad Gateway$/,
  },
  silence: { listener: () => {}, says: /^no answer within 300 ms$/, waitMs: 300 },
  "an endless answer": {
    listener: (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const piece = "x".repeat(65_536);
      const more = (): void => void (response.destroyed || response.write(piece, more));
      more();
    },
    says: /^(the answer's body is longer than 1048576 bytes|no answer within 300 ms)$/,
    waitMs: 300,
  },
  "what a terminal acts upon": {
    listener: (_, response) => response.writeHead(500).end("\u001b[31m\u0007red\u202e"),
    says: /^answered 500 \ufffd?red\ufffd$/,
  },
};

for (const [name, { listener, says, ...options }] of Object.entries(CASES)) {
  test(`${name} instead of a server is told in words, and nothing passes`, async () => {
    const report = await reportOn(listener, options);
    assert.equal(conforms(report), false);
    assert.equal(report.results.filter(({ outcome }) => outcome === "passed").length, 0);
    for (const reason of reasonsOf(report)) assert.match(reason, says);
    assert.ok(report.requests <= 8, `${report.requests} requests`);
  });
}

test("nobody at the address is told in words", async () => {
  const gone = await startStandIn();
  gone.close();
  const report = await runConformance({ baseUrl: gone.url, waitMs: 1000 });
  assert.equal(conforms(report), false);
  for (const reason of reasonsOf(report)) assert.match(reason, /^no answer: .*(refused|connect)/i);
});

test("a server that ceases to answer is not asked for long", async () => {
  const standIn = await startStandIn();
  let answered = 0;
  const report = await reportOn(
    async (request, response) => {
      answered += 1;
      if (answered > 20) return;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const url = standIn.url + request.url;
      const method = request.method ?? "GET";
      const body = method === "GET" ? null : Buffer.concat(chunks);
      const answer = await fetch(url, { method, body });
      response.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text());
    },
    { versions: ["2025"], waitMs: 1_500 },
  );
  standIn.close();
  const failed = report.results.filter(({ outcome }) => outcome === "failed");
  assert.ok(failed.length >= 3 && failed.length <= 4, `${failed.length} failed`);
  const skipped = report.results.filter(({ reason }) => /ceased to/.test(reason));
  assert.ok(skipped.length > 100, `${skipped.length} skipped`);
});

test("a 429 is waited out once, and told if it comes again", async () => {
  const waits: number[] = [];
  const limited = await reportOn(
    (_, response) => {
      waits.push(performance.now());
      response
        .writeHead(429, { "content-type": "application/json" })
        .end('{"errcode":"M_LIMIT_EXCEEDED","error":"","retry_after_ms":50}');
    },
    { versions: ["2024"] },
  );
  assert.equal(waits.length, 2);
  assert.ok((waits[1] ?? 0) - (waits[0] ?? 0) >= 49, "came back too early");
  assert.match(reasonsOf(limited)[0] ?? "", /was answered 429 M_LIMIT_EXCEEDED$/);
});

test("an access token is sent to who asks for one, and is never told", async () => {
  const accessToken = "syt_not_to_be_told";
  const seen: string[] = [];
  const report = await reportOn(
    (request, response) => {
      const token = request.headers.authorization ?? "";
      seen.push(token);
      const error = `no such token as ${token}`;
      response.writeHead(token === "" ? 401 : 403, { "content-type": "application/json" });
      response.end(JSON.stringify({ errcode: token === "" ? "M_MISSING_TOKEN" : "M_FORBIDDEN", error }));
    },
    { versions: ["2025"], accessToken },
  );
  assert.deepEqual(seen, ["", `Bearer ${accessToken}`]);
  assert.match(reasonsOf(report)[0] ?? "", /^with the access token, a creation was answered 403 M_FORBIDDEN$/);
  assert.ok(!JSON.stringify(report).includes(accessToken));
});

test("a server that asks for an access token is not checked without one", async () => {
  const report = await reportOn(
    (_, response) =>
      response.writeHead(401, { "content-type": "application/json" }).end('{"errcode":"M_MISSING_TOKEN","error":""}'),
    { versions: ["2025"] },
  );
  assert.equal(
    reasonsOf(report)[0],
    "creating a session takes an access token, and none was given (401 M_MISSING_TOKEN)",
  );
});

test("what is interrupted is skipped, and says so", async () => {
  const standIn = await startStandIn();
  const interrupted = new AbortController();
  const onCheck = (id: string): void => void (id === "2025.create.members" && interrupted.abort());
  const { url: baseUrl } = standIn;
  const report = await runConformance({ baseUrl, versions: ["2025"], signal: interrupted.signal, onCheck });
  assert.equal(standIn.live(), 0);
  standIn.close();
  assert.equal(report.results.filter(({ outcome }) => outcome === "failed").length, 0);
  assert.ok(report.results.some(({ reason }) => reason === "needs time, and was interrupted"));
});
