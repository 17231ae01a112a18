import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { UNSTABLE_2025 } from "../../integration/src/paths.ts";
import { answer } from "../src/bare/answers.ts";
import { PAYLOAD } from "../src/load/flows.ts";

test("bare servers answer as many bytes as ours, with the same status and headers", async () => {
  const handler = createHandler({ store: memoryStore(), mode: "open" });
  const both = async (method: string, path: string, body?: object): Promise<Record<string, string>> => {
    const request = (): Request =>
      new Request(`http://localhost${UNSTABLE_2025}${path}`, { method, body: body ? JSON.stringify(body) : null });
    const [ours, bare] = [await handler(request()), await answer(request())];
    assert.deepEqual([bare.status, [...bare.headers]], [ours.status, [...ours.headers]], method);
    const text = await ours.text();
    assert.equal((await bare.text()).length, text.length, method);
    return JSON.parse(text);
  };
  const { id, sequence_token } = await both("POST", "", { data: PAYLOAD });
  await both("GET", `/${id}`);
  await both("PUT", `/${id}`, { sequence_token, data: PAYLOAD });
  await both("DELETE", `/${id}`);
});
