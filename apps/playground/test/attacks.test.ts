import assert from "node:assert/strict";
import type { Intent } from "@matrix-rendezvous/client";
import { test } from "@matrix-rendezvous/testkit/runner";
import { ATTACKS, type Attack } from "../src/attack/attacks.ts";
import { judge } from "../src/attack/verdict.ts";
import type { Attempt } from "../src/attempt.ts";
import { otherDevice } from "../src/party.ts";
import { nextStep } from "../src/step.ts";
import type { PayloadKind } from "../src/wire/revision.ts";
import { BASE_URL, failureCode, isOver, play, startAttempt, takeStep, until } from "./page.ts";

/** Every point of a sign-in at which something lies in the slot, by how many steps were taken. */
const POINTS = [2, 3, 4, 5, 6, 7, 8, 9] as const;

for (const shows of ["new", "existing"] as const) {
  for (const attack of ["overwrite", "flip", "replay"] as const) {
    test(`${attack}: refused wherever it strikes, where the ${shows} device shows the code`, async () => {
      for (const steps of POINTS) {
        const attempt = startAttempt({ shows });
        for (let taken = 0; taken < steps; taken += 1) await takeStep(attempt);
        await settled(attempt);
        const before = attempt.wire.revisions.value.at(-1);
        // The last message is read by the one device and the session is over: there is nothing left to attack.
        if (isOver(attempt)) return;
        await attempt.attacker.attack(attack);
        const after = attempt.wire.revisions.value.at(-1);
        assert.equal(after?.writer, "attacker");
        assert.notEqual(after?.sequenceToken, before?.sequenceToken);
        assert.equal(differentBits(before?.data ?? "", after?.data ?? "") === 1, attack === "flip");
        await play(attempt);
        assert.ok(isOver(attempt), `after ${steps} steps`);
        assert.equal(attempt.verdict.value?.kept, true, `after ${steps} steps`);
        assert.equal(attempt.verdict.value?.promise, ATTACKS[attack].promise);
        const secrets = attempt.devices.new.spoken.value.filter(({ message }) => message.type === "m.login.secrets");
        assert.deepEqual(secrets, []);
      }
    });
  }

  test(`swap: the ${otherDevice(shows)} device warns and shows no code, and nobody talks to the attacker`, async () => {
    const attempt = startAttempt({ shows });
    const s = otherDevice(shows);
    await play(attempt, /^Let/);
    await attempt.attacker.attack("swap");
    const key = attempt.wire.revisions.value.at(-1);
    assert.deepEqual([key?.kind, key?.writer], ["initiate", "attacker"]);
    assert.equal(await takeStep(attempt), `Let the ${shows} device read`);
    await until(() => attempt.attacker.strike.value?.checkCode !== undefined);
    assert.deepEqual(await play(attempt), [`Let the ${s} device read`, "No code is shown: cancel"]);
    assert.equal(failureCode(attempt, s), "refused");
    assert.equal(attempt.devices[s].checkCode.value, undefined);
    assert.match(attempt.attacker.strike.value?.checkCode ?? "", /^[1-9][0-9]$/);
    assert.deepEqual(attempt.devices[shows].spoken.value, []);
    assert.match(attempt.verdict.value?.outcome ?? "", new RegExp(`^The ${s} device refused`));
  });
}

test("read: whatever the moment, nothing that the devices said is found, and the sign-in goes on", async () => {
  const attempt = startAttempt();
  await play(attempt, /^Let/);
  await attempt.attacker.attack("read");
  assert.match(attempt.verdict.value?.outcome ?? "", /nothing yet/);
  let things = 0;
  for (;;) {
    await takeStep(attempt);
    await settled(attempt);
    if (isOver(attempt)) break;
    await attempt.attacker.attack("read");
    assert.equal(attempt.verdict.value?.kept, true);
    things = Number(/Of (\d+) things/.exec(attempt.verdict.value?.outcome ?? "")?.[1] ?? things);
  }
  assert.ok(things >= 10, `${things}`);
  assert.equal(attempt.devices.new.state.value.name, "done");
});

test("read: what a device says in the clear would be found", async () => {
  const attempt = startAttempt();
  await play(attempt);
  const { state, spoken } = attempt.devices.new;
  const states = { new: state.value, existing: state.value };
  const [, said] = spoken.value;
  const kept = (): boolean | undefined =>
    judge({ attack: "read" }, { states, spoken: spoken.value, exchanges: attempt.wire.exchanges.value })?.kept;
  assert.equal(kept(), true);
  for (const body of [said?.text ?? "", JSON.stringify({ data: btoa(said?.text ?? "").replaceAll("=", "") })]) {
    await attempt.wire.fetchAs("new")(`${BASE_URL}/nowhere`, { method: "POST", body });
    assert.equal(kept(), false);
  }
});

test("Who scans a code whose slot is not empty any more says so, and ends it", async () => {
  const attempt = startAttempt();
  await play(attempt, /^Scan/);
  await attempt.attacker.attack("overwrite");
  await play(attempt);
  assert.equal(failureCode(attempt, "existing"), "in_use");
  assert.equal(failureCode(attempt, "new"), "expired");
  assert.equal(attempt.verdict.value?.kept, true);
});

test("Live, a device whose slot is filled by somebody who has not its key refuses that", async () => {
  const attempt = startAttempt();
  attempt.turns.hold(false);
  await play(attempt, /^Scan/);
  await attempt.attacker.attack("overwrite");
  await until(() => attempt.devices.new.state.value.name === "failed");
  assert.equal(failureCode(attempt, "new"), "refused");
});

test("What makes no sense at the moment is said beforehand", async () => {
  const attempt = startAttempt();
  const { obstacles } = attempt.attacker;
  const possible = (): string[] => (Object.keys(ATTACKS) as Attack[]).filter((name) => !obstacles.value[name]);
  assert.deepEqual(possible(), []);
  await play(attempt, /^Scan/);
  assert.deepEqual(possible(), ["read", "overwrite"]);
  await play(attempt, /^Let the new/);
  assert.deepEqual(possible(), ["read", "overwrite", "flip", "replay", "swap"]);
  await play(attempt, /^Let the existing/);
  assert.deepEqual(possible(), ["read", "overwrite", "flip", "replay"]);
  await attempt.devices.new.cancel();
  assert.deepEqual(possible(), []);
});

test("Live, an attack on either device is noticed all the same", async () => {
  for (const attack of ["overwrite", "flip", "replay"] as const) {
    const attempt = startAttempt();
    attempt.turns.hold(false);
    await play(attempt, /^Type/);
    // The new device does not read before the code is typed: what the existing one said lies in the slot.
    await until(() => lastKind(attempt) === "message");
    await attempt.attacker.attack(attack);
    await play(attempt);
    const devices: readonly Intent[] = ["new", "existing"];
    assert.ok(devices.every((device) => attempt.devices[device].state.value.name === "failed"));
    assert.equal(attempt.verdict.value?.kept, true);
  }
});

/** Waits until nothing is under way but what is held back. */
async function settled(attempt: Attempt): Promise<void> {
  await until(() => nextStep(attempt) !== undefined || isOver(attempt));
  // Once its code is shown, the device that scanned speaks without waiting for it to be typed.
  if (nextStep(attempt)?.label.startsWith("Type")) await until(() => lastKind(attempt) === "message");
}

function lastKind(attempt: Attempt): PayloadKind | undefined {
  return attempt.wire.revisions.value.at(-1)?.kind;
}

function differentBits(left: string, right: string): number {
  if (left.length !== right.length) return Number.NaN;
  const [before, after] = [atob(left), atob(right)];
  return Array.from(before, (character, index) => {
    const bits = character.charCodeAt(0) ^ after.charCodeAt(index);
    return bits.toString(2).replaceAll("0", "").length;
  }).reduce((sum, bits) => sum + bits, 0);
}
