import assert from "node:assert/strict";
import { type Report, runConformance, text, type Version } from "@matrix-rendezvous/testkit/conformance";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import { FAULTS_2024 } from "./conformance/faults-2024.ts";
import { FAULTS_2025 } from "./conformance/faults-2025.ts";
import { type Fault, startStandIn } from "./conformance/stand-in.ts";

/** At the level of clients, which everything below is told at as well; with nothing left behind. */
async function reportOn(fault: Fault, version: Version): Promise<Report> {
  const standIn = await startStandIn(fault);
  const report = await runConformance({ baseUrl: standIn.url, versions: [version], level: "clients" });
  assert.equal(standIn.live(), 0, "sessions are left");
  standIn.close();
  return report;
}

function failuresOf({ results }: Report, version: Version): string[] {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  return failed.map(({ check }) => check.id.replace(`${version}.`, ""));
}

for (const [version, faults] of [
  ["2025", FAULTS_2025],
  ["2024", FAULTS_2024],
] as const) {
  test(`a server of the ${version} version that somebody else wrote keeps to all of it`, async () => {
    const report = await reportOn({}, version);
    assert.deepEqual(failuresOf(report, version), [], text(report, false));
  });

  // What finds a fault is the same on each runtime: the others try one.
  for (const [name, { fault, foundBy }] of Object.entries(faults).slice(0, runtime === "node" ? undefined : 1)) {
    test(`${version}: ${name}: that is found by what is meant to find it`, async () => {
      const report = await reportOn(fault, version);
      assert.deepEqual(failuresOf(report, version).sort(), [...foundBy].sort(), text(report, false));
    });
  }
}
