/** However an examination ends, what it created is deleted, and nothing is said of what it did not get to see. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "@matrix-rendezvous/testkit/runner";
import { answersOf, examined, findingsOf, sentence } from "./examination.ts";
import { startStandIn } from "./stand-in.ts";

const UNKNOWN = "unknown unknown unknown unknown";

test("nothing is left behind where an exchange fails", async () => {
  const standIn = await startStandIn((request, next) =>
    request.method === "PUT" ? new Response("", { status: 500 }) : next(request),
  );
  assert.equal((await examined({ target: standIn.url })).ok, false);
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
  assert.equal((await examined({ target: standIn.url, signal: interrupted.signal })).ok, false);
  assert.equal(await standIn.live(), 0);
  late.resolve(new Response());
  await standIn.close();
});

test("who interrupts hears what was seen until then, and no more", async () => {
  const interrupted = new AbortController();
  const standIn = await startStandIn((request, next) => {
    if (request.method === "PUT") interrupted.abort();
    return next(request);
  });
  const report = await examined({ target: standIn.url, signal: interrupted.signal });
  await standIn.close();
  assert.equal(answersOf(report), UNKNOWN, findingsOf(report).join(", "));
  assert.deepEqual(findingsOf(report), ["unfinished"]);
  assert.equal(
    sentence(report, "unfinished"),
    "The examination ended before it had come this far (it was interrupted).",
  );
});

for (const path of ["msc4388", "msc4108"]) {
  test(`a session that is being created while the examination is interrupted is deleted (${path})`, async () => {
    const interrupted = new AbortController();
    const standIn = await startStandIn(async (request, next) => {
      if (request.method !== "POST" || !request.url.includes(path)) return await next(request);
      const answer = await next(request);
      interrupted.abort();
      return answer;
    });
    const report = await examined({ target: standIn.url, signal: interrupted.signal });
    assert.deepEqual(findingsOf(report), ["unfinished"]);
    assert.equal(await standIn.live(), 0);
    await standIn.close();
  });
}

test("an examination that takes too long is ended", async () => {
  const standIn = await startStandIn(async (request, next) => {
    const [answer] = await Promise.all([next(request), pause(50)]);
    return answer;
  });
  const begun = performance.now();
  const report = await examined({ target: standIn.url, limits: { totalMs: 500 } });
  assert.ok(performance.now() - begun < 2_000);
  assert.equal(answersOf(report), UNKNOWN, findingsOf(report).join(", "));
  assert.equal(
    sentence(report, "unfinished"),
    "The examination ended before it had come this far (it took over 0.5 s).",
  );
  assert.equal(await standIn.live(), 0);
  await standIn.close();
});
