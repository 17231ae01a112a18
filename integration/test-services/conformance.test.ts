/** What the conformance kit says of a real Synapse; the page in the documentation says the same. */
import assert from "node:assert/strict";
import { type Report, runConformance, text } from "@matrix-rendezvous/testkit/conformance";
import { test } from "@matrix-rendezvous/testkit/runner";
import {
  ACCESS_TOKEN,
  SECRET,
  startAuthenticationService,
} from "../../packages/doctor/test-services/authentication-service.ts";
import { SYNAPSE_DEVIATIONS } from "../src/conformance-deviations.ts";
import { page } from "../src/documentation.ts";
import { startSynapse, withAuthenticationService } from "../src/synapse.ts";

/** What is not run from outside, whatever the server. */
const NOT_RUN = [
  "2025.expiry.gone-at-once",
  "2025.expiry.final",
  "2025.limits.share-full",
  "2025.limits.others-go-on",
  "2025.limits.polling",
];

/** Sessions that are over in seconds instead of minutes: the handlers have a lifetime, and no setting for it. */
const SHORT_LIVES = [
  "from functools import partial; from synapse import server",
  "server.MSC4388RendezvousHandler = partial(server.MSC4388RendezvousHandler, ttl=3000)",
  "server.RendezvousHandler = partial(server.RendezvousHandler, ttl=3000)",
].join("\n");

/** Stops the clock, so that all writes come in the same millisecond. */
const STOPPED_CLOCK = "from synapse.util.clock import Clock; Clock.time_msec = lambda self: 1_700_000_000_000";

function outcomes(report: Report, outcome: "failed" | "skipped"): string[] {
  return report.results.filter((result) => result.outcome === outcome).map(({ check }) => check.id);
}

/** Not of what is waited for. */
const deviationsOf = (...versions: readonly string[]): string[] =>
  SYNAPSE_DEVIATIONS.map(({ check }) => check)
    .filter((check) => versions.some((version) => check.startsWith(version)))
    .filter((check) => !check.endsWith(".expiry.over"));

const BY_CHANCE = SYNAPSE_DEVIATIONS.filter(({ byChance }) => byChance).map(({ check }) => check);

/** Without what depends on how much time is between two writes. */
const certain = (checks: readonly string[]): string[] => checks.filter((check) => !BY_CHANCE.includes(check));

/** What the page counts: what depends on how much time is between two writes passes, as it nearly always does. */
function told(report: Report): string {
  const [failed, skipped] = [certain(outcomes(report, "failed")).length, outcomes(report, "skipped").length];
  const passed = report.results.length - failed - skipped;
  return `${report.results.length} checks: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

const OPEN = withAuthenticationService({ msc4108_enabled: true, msc4388_mode: "open" });

test("open to everybody, both versions", async () => {
  const open = await startSynapse({ settings: OPEN });
  const report = await runConformance({ baseUrl: open.url, level: "clients" });
  await open.stop();
  assert.deepEqual(certain(outcomes(report, "failed")), certain(deviationsOf("2025", "2024")), text(report, false));
  const skipped = outcomes(report, "skipped").filter((id) => !id.startsWith("2025.authenticated."));
  assert.deepEqual(skipped.sort(), [...NOT_RUN, "2025.expiry.over", "2024.expiry.over"].sort());
  assert.ok(page("conformance.md").includes(`open: ${told(report)}`), told(report));
});

test("two writes of one payload in the same millisecond", async () => {
  const synapse = await startSynapse({ settings: OPEN, python: STOPPED_CLOCK });
  const report = await runConformance({ baseUrl: synapse.url, versions: ["2025"], sections: ["2025.write"] });
  await synapse.stop();
  assert.deepEqual(outcomes(report, "failed"), deviationsOf("2025.write"), text(report, false));
});

test("open to users, with the access token of one", async () => {
  const service = await startAuthenticationService();
  const settings = withAuthenticationService({ msc4388_mode: "authenticated" });
  const endpoint = { enabled: true, endpoint: `${service.url}/`, secret: SECRET };
  const synapse = await startSynapse({ settings: { ...settings, matrix_authentication_service: endpoint } });
  await synapse.ask("POST", "/_synapse/mas/provision_user", SECRET, { localpart: "alice" }).catch((error: Error) => {
    // Created.
    if (!error.message.includes("was answered 201")) throw error;
  });
  const options = { baseUrl: synapse.url, level: "clients", versions: ["2025"] } as const;
  const report = await runConformance({ ...options, accessToken: ACCESS_TOKEN });
  const without = await runConformance(options);
  await synapse.stop();
  await service.close();
  assert.equal(report.found["2025"]?.mode, "authenticated");
  assert.deepEqual(certain(outcomes(report, "failed")), certain(deviationsOf("2025")), text(report, false));
  const skipped = outcomes(report, "skipped").filter((id) => !id.startsWith("2025.open."));
  assert.deepEqual(skipped.sort(), [...NOT_RUN, "2025.authenticated.policy-403", "2025.expiry.over"].sort());
  assert.ok(!JSON.stringify(report).includes(ACCESS_TOKEN));
  assert.ok(page("conformance.md").includes(`authenticated: ${told(report)}`), told(report));
  assert.deepEqual(outcomes(without, "failed"), ["2025.served"]);
});

test("what has expired", async () => {
  const { url, stop } = await startSynapse({ settings: OPEN, python: SHORT_LIVES });
  const report = await runConformance({ baseUrl: url, sections: ["expiry.over"], waitForExpiry: true });
  await stop();
  const over = SYNAPSE_DEVIATIONS.map(({ check }) => check).filter((check) => check.endsWith(".expiry.over"));
  assert.deepEqual(outcomes(report, "failed"), over, text(report, false));
});

test("the page of the documentation has each deviation and its reason", () => {
  const text = page("conformance.md");
  for (const { check, reason } of SYNAPSE_DEVIATIONS) {
    assert.ok(text.includes(`| \`${check}\``), check);
    assert.ok(text.includes(reason), reason);
  }
});
