import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { OpsListenError, startFailure } from "../src/failure.ts";

const CONFIG = { host: "127.0.0.1", port: 8080, "ops-port": 9090 };

const withCode = (code: string, more: object = {}): Error =>
  Object.assign(new Error("as the system says it"), { code, ...more });

test("a failure names the port and the flag that it is about, or the file", () => {
  const denied = withCode("EACCES");
  for (const [error, said] of [
    [denied, /^No permission to listen on port 8080 of 127\.0\.0\.1: .* choose another with --port$/],
    [new OpsListenError("", { cause: denied }), /^No permission to listen on port 9090 .* with --ops-port$/],
    [withCode("EACCES", { path: "/run/secret" }), /^No permission to use \/run\/secret$/],
    [withCode("ENOENT", { path: "/run/secret" }), /^There is no file \/run\/secret$/],
    [new Error("the store is away"), /^the store is away$/],
  ] as const) {
    assert.match(startFailure(error, CONFIG), said);
  }
});
