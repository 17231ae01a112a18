import assert from "node:assert/strict";
import { printed, type Report } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import { examined } from "./examination.ts";
import { documentation } from "./page.ts";
import { at, metadata, startStandIn } from "./stand-in.ts";

const LEFT_OUT = "[…]";

test("the output in the documentation is what the doctor says", async () => {
  const [, example = ""] = /^```text\n(.*?)^```$/ms.exec(documentation("doctor.md")) ?? [];
  const parts = example.split(`${LEFT_OUT}\n`);
  assert.ok(parts.length > 1);
  const standIn = await startStandIn(
    at("/_matrix/client/v1/auth_metadata", (request) =>
      Response.json({ ...metadata(new URL(request.url).origin), grant_types_supported: ["authorization_code"] }),
    ),
  );
  const report = await examined({ target: standIn.url });
  await standIn.close();
  const text = `${printed(asDocumented(report, standIn.url), false)}\n`;
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    assert.ok(found >= 0, `this is not said, or not there:\n${part}\nin\n${text}`);
    from = found + part.length;
  }
  assert.ok(text.startsWith(parts[0] ?? "") && from === text.length);
});

/** The same at the address of the documentation, and with an ID that does not change. */
function asDocumented(report: Report, url: string): Report {
  const json = JSON.stringify(report).replaceAll(url, "https://matrix.example.org");
  return JSON.parse(json.replaceAll(/[\w~-]{6}…/g, "AbCdEf…").replaceAll(/expires_in_ms \d+/g, "expires_in_ms 300000"));
}
