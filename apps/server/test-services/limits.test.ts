import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { withServers } from "../test/replicas.ts";
import { ask } from "../test/sessions.ts";

const REDIS = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379";

test("servers of three runtimes on one Redis share their rate limits", async () => {
  const store = `${REDIS}?prefix=rendezvous_${randomBytes(6).toString("hex")}:`;
  const flags = ["--max-sessions-per-owner", "1000", "--rate-create", "0.001:10"];
  await withServers(
    ["node", "bun", "deno"],
    store,
    async (servers) => {
      const creations = Array.from({ length: 60 }, (_, index) =>
        ask(servers[index % servers.length]?.url ?? "", "POST", "", { data: "" }),
      );
      const replies = await Promise.all(creations);
      assert.equal(replies.filter(({ status }) => status === 200).length, 10);
      const refused = replies.filter(({ status }) => status === 429);
      assert.equal(refused.length, 50);
      for (const { body } of refused) {
        assert.equal(body["errcode"], "M_LIMIT_EXCEEDED");
        assert.ok(Number(body["retry_after_ms"]) > 900_000);
      }
    },
    flags,
  );
});
