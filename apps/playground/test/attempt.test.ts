import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { captionOf } from "../src/caption.ts";
import { draw } from "../src/qr/picture.ts";
import { failureCode, play, startAttempt, takeStep, until } from "./page.ts";

for (const shows of ["new", "existing"] as const) {
  for (const profile of ["msc", "vodozemac"] as const) {
    test(`Step by step, a sign-in goes through where the ${shows} device shows the code (${profile})`, async () => {
      const attempt = startAttempt({ shows, profile });
      const labels = await play(attempt);
      const code = Object.values(attempt.devices).find(({ checkCode }) => checkCode.value)?.checkCode.value;
      const [g, s] = shows === "new" ? ["new", "existing"] : ["existing", "new"];
      const handshake = ["Show the QR code", "Scan it", `Let the ${g} device read`, `Let the ${s} device read`];
      assert.deepEqual(labels.slice(0, 5), [...handshake, `Type ${code} into the ${g} device`]);
      const { new: newDevice, existing } = attempt.devices;
      assert.equal(newDevice.state.value.name, "done");
      assert.equal(existing.state.value.name, "done");
      const heard = newDevice.spoken.value.map(({ text }) => text);
      assert.deepEqual(
        existing.spoken.value.map(({ text }) => text),
        heard,
      );
      assert.match(heard.at(-1) ?? "", /"type":"m\.login\.secrets"/);
      await until(() => attempt.wire.ended.value);
      assert.match(captionOf(attempt).title, /^Signed in$/);
    });
  }
}

test("Live, only what users do waits for a step", async () => {
  const attempt = startAttempt();
  attempt.turns.hold(false);
  const labels = await play(attempt);
  assert.equal(labels.length, 3);
  assert.equal(attempt.devices.new.state.value.name, "done");
});

test("What is on the wire is recorded: who, what, which headers, and what each payload says", async () => {
  const attempt = startAttempt();
  await play(attempt);
  const { exchanges, revisions, ended } = attempt.wire;
  await until(() => ended.value);
  const writes = exchanges.value.filter(({ method, path }) => method !== "GET" && path !== "");
  assert.deepEqual(
    writes.map(({ sender, method }) => `${sender} ${method}`),
    [
      "new POST",
      "existing PUT",
      "new PUT",
      ...["existing PUT", "new PUT", "existing PUT", "new PUT", "existing PUT"],
      "new DELETE",
    ],
  );
  for (const { headers, answer } of writes) {
    assert.ok(answer?.headers.some(([name, value]) => name === "cache-control" && value === "no-store"));
    assert.ok(headers.every(([name]) => name === "content-type"));
  }
  assert.deepEqual(
    revisions.value.map(({ kind, writer, readers }) => [kind, writer, ...readers]),
    [
      // The device that scans sees that the slot is empty.
      ["empty", "new", "existing"],
      ["initiate", "existing", "new"],
      ["ok", "new", "existing"],
      ["message", "existing", "new"],
      ["message", "new", "existing"],
      ["message", "existing", "new"],
      ["message", "new", "existing"],
      ["message", "existing", "new"],
    ],
  );
  assert.equal(revisions.value.at(-1)?.plaintext, attempt.devices.new.spoken.value.at(-1)?.text);
});

test("A wrong check code can be corrected, and ends the sign-in the third time", async () => {
  for (const wrong of [2, 3]) {
    const attempt = startAttempt();
    await play(attempt, /^Type/);
    for (let count = 1; count <= wrong; count += 1) await attempt.devices.new.confirm("00");
    if (wrong < 3) {
      assert.deepEqual(attempt.devices.new.state.value, { name: "confirming", attemptsLeft: 1 });
      await play(attempt);
      assert.equal(attempt.devices.new.state.value.name, "done");
    } else {
      assert.equal(failureCode(attempt, "new"), "wrong_check_code");
      await play(attempt);
      assert.equal(failureCode(attempt, "existing"), "expired");
    }
  }
});

test("Who cancels ends it for the other device, too", async () => {
  const attempt = startAttempt();
  await play(attempt, /^Let the existing/);
  await attempt.devices.new.cancel();
  assert.equal(failureCode(attempt, "new"), "cancelled");
  assert.equal(await takeStep(attempt), "Let the existing device read");
  await until(() => attempt.devices.existing.state.value.name === "failed");
  assert.equal(failureCode(attempt, "existing"), "expired");
});

test("When its time is over, nothing stays held back", async () => {
  for (const stop of [/^Scan/, /^Let the new/, /^Let the existing/, /^Type/]) {
    let now = 1_000_000;
    const attempt = startAttempt({}, { now: () => now });
    await play(attempt, stop);
    now += 300_000;
    attempt.expire();
    await until(() => attempt.devices.new.state.value.name === "failed");
    assert.equal(failureCode(attempt, "new"), "expired");
    if (stop.source !== "^Scan") {
      await until(() => attempt.devices.existing.state.value.name === "failed");
      assert.equal(failureCode(attempt, "existing"), "expired");
    }
  }
});

test("A code of another server, of another kind, or none at all is not scanned, and the page says why", async () => {
  const attempt = startAttempt();
  const other = startAttempt({ baseUrl: "https://other.example" });
  await play(other, /^Scan/);
  const problems: readonly (readonly [code: Uint8Array, words: RegExp])[] = [
    [other.shownCode ?? new Uint8Array(), /^This code is of https:\/\/other\.example, and this page only speaks to/],
    [new TextEncoder().encode("https://example.org"), /^This is no code to sign in with: prefix/],
    [new Uint8Array(), /^This is no code to sign in with/],
  ];
  for (const [code, words] of problems) {
    await attempt.scan("existing", code);
    assert.match(attempt.scanProblem.value ?? "", words);
    assert.equal(attempt.devices.existing.state.value.name, "idle");
  }
  assert.deepEqual(attempt.wire.exchanges.value, []);
  other.abandon();
});

test("Two pages, each with one device, sign each other in", async () => {
  const requests: { fetch?: Parameters<typeof startAttempt>[0] } = {};
  const { options } = startAttempt();
  requests.fetch = { fetch: options.fetch };
  const phone = startAttempt({ ...requests.fetch, present: ["existing"] });
  const laptop = startAttempt({ ...requests.fetch, present: ["new"] });
  for (const page of [phone, laptop]) page.turns.hold(false);
  const showing = laptop.show("new");
  await until(() => laptop.shownCode !== undefined);
  const scanning = phone.scan(
    "existing",
    laptop.options.camera(laptop.shownCode ?? new Uint8Array()) ?? new Uint8Array(),
  );
  await showing;
  await until(() => phone.devices.existing.checkCode.value !== undefined);
  await laptop.devices.new.confirm(phone.devices.existing.checkCode.value ?? "");
  await scanning;
  assert.equal(laptop.devices.new.state.value.name, "done");
  const [last] = phone.wire.revisions.value.slice(-1);
  assert.equal(laptop.wire.revisions.value.at(-1)?.writer, undefined);
  assert.equal(laptop.wire.revisions.value.at(-1)?.plaintext, last?.plaintext);
});

test("A page that goes away takes its session along", async () => {
  const attempt = startAttempt();
  await play(attempt, /^Scan/);
  assert.ok(draw(attempt.shownCode ?? new Uint8Array()).length > 40);
  attempt.abandon();
  await until(() => attempt.wire.ended.value);
  assert.equal(attempt.wire.exchanges.value.at(-1)?.method, "DELETE");
});
