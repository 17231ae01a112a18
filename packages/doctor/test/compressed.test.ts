/** Answers that are compressed on the way, as clients ask for. */
import assert from "node:assert/strict";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { answersOf, examined, findingsOf } from "./examination.ts";
import { SESSIONS_2024 } from "./spoils.ts";
import { pathOf, startStandIn } from "./stand-in.ts";

for (const [encoding, compress] of [
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const) {
  test(`payloads that are compressed with ${encoding} are read`, async () => {
    let compressed = 0;
    const standIn = await startStandIn(async (request, next) => {
      const answer = await next(request);
      const isAsked = request.headers.get("Accept-Encoding")?.includes(encoding) ?? false;
      if (request.method !== "GET" || !pathOf(request).startsWith(SESSIONS_2024) || !isAsked) return answer;
      if (answer.status !== 200) return answer;
      compressed++;
      const headers = new Headers(answer.headers);
      headers.delete("Content-Length");
      headers.set("Content-Encoding", encoding);
      return new Response(compress(await answer.text()), { headers });
    });
    const report = await examined({ target: standIn.url });
    await standIn.close();
    assert.ok(compressed > 0);
    assert.deepEqual([answersOf(report), findingsOf(report)], ["yes yes yes yes", []]);
  });
}
