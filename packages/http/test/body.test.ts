import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { readBody, readJsonObject } from "../src/body.ts";
import { whileServing } from "./verifiers/local-server.ts";

/** A POST whose body comes in `chunks`, and how many of them were taken. */
function streamed(chunks: Uint8Array[], headers: Record<string, string> = {}): { request: Request; taken(): number } {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[taken];
        if (chunk === undefined) return controller.close();
        taken += 1;
        controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
  return { request: new Request("http://localhost/", init), taken: () => taken };
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(120);

test("a body of exactly the limit is read whole, whatever the chunks", async () => {
  const { request } = streamed([bytes(3), bytes(0), bytes(7)]);
  const body = await readBody(request, 10);
  assert.deepEqual(body, { ok: true, value: bytes(10) });
});

test("a body over the limit is not read to its end", async () => {
  const { request, taken } = streamed(Array.from({ length: 1000 }, () => bytes(4)));
  const body = await readBody(request, 10);
  assert.equal(!body.ok && body.error.status, 413);
  assert.ok(taken() <= 4, `${taken()} chunks were read`);
});

test("an answer is counted as it is once decompressed", async () => {
  const compressed = new Response("x".repeat(100_000)).body?.pipeThrough(new CompressionStream("gzip"));
  const gzip = await new Response(compressed ?? null).arrayBuffer();
  const headers = { "Content-Encoding": "gzip", "Content-Length": String(gzip.byteLength) };
  await whileServing(
    async () => new Response(gzip, { headers }),
    async (url) => {
      const body = await readBody(await fetch(url), 1_000);
      assert.equal(!body.ok && body.error.status, 413);
    },
  );
});

test("a declared length over the limit is refused before anything is read", async () => {
  const { request, taken } = streamed([bytes(4)], { "Content-Length": "11" });
  const body = await readBody(request, 10);
  assert.equal(!body.ok && body.error.errcode, "M_TOO_LARGE");
  assert.equal(taken(), 0);
});

test("a body that stops coming is given up on, whether its length is known or not", async () => {
  for (const headers of [{}, { "Content-Length": "4" }]) {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(bytes(3)) });
    const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
    const read = await readBody(new Request("http://localhost/", init), 10, 20);
    assert.equal(!read.ok && read.error.status, 408);
  }
});

test("what is not a JSON object in UTF-8 is told apart", async () => {
  const errcode = async (body: BodyInit): Promise<string> => {
    const read = await readJsonObject(new Request("http://localhost/", { method: "POST", body }), 100);
    return read.ok ? "none" : read.error.errcode;
  };
  assert.equal(await errcode('{"data":"x"}'), "none");
  assert.equal(await errcode(""), "M_NOT_JSON");
  assert.equal(await errcode('{"data":'), "M_NOT_JSON");
  assert.equal(await errcode('\ufeff{"data":"x"}'), "M_NOT_JSON");
  assert.equal(await errcode(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), "M_NOT_JSON");
  for (const json of ["[]", "null", '"data"', "1"]) assert.equal(await errcode(json), "M_BAD_JSON");
});
