import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { startServer } from "../../apps/server/test/server-process.ts";
import { compare, type Difference, unreviewed } from "../src/differential/compare.ts";
import { REVIEWED } from "../src/differential/differences.ts";
import { Observer } from "../src/differential/observe.ts";
import { scenario2024 } from "../src/differential/scenario-2024.ts";
import { scenario2025, scenarioOff, scenarioRefused } from "../src/differential/scenario-2025.ts";
import { page } from "../src/documentation.ts";
import { startSynapse, withAuthenticationService } from "../src/synapse.ts";

interface Setting {
  readonly experimental: Readonly<Record<string, unknown>>;
  readonly flags: readonly string[];
  /** By the name that the reviewed differences have for it. */
  readonly scenarios: Readonly<Record<string, Scenario>>;
}

interface Scenario {
  readonly run: (observer: Observer) => Promise<void>;
  /** How the first creation is answered by both. */
  readonly creation: { readonly step: string; readonly status: string };
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  "open to everybody": {
    experimental: { msc4108_enabled: true, msc4388_mode: "open" },
    flags: ["--mode", "open", "--max-sessions-per-owner", "1000"],
    scenarios: {
      2024: { run: scenario2024, creation: { step: "create 1", status: "201" } },
      2025: { run: scenario2025, creation: { step: "create 1", status: "200" } },
    },
  },
  "switched off": {
    experimental: {},
    flags: ["--mode", "off"],
    scenarios: { off: { run: scenarioOff, creation: { step: "create", status: "404 M_UNRECOGNIZED" } } },
  },
  "for users only": {
    experimental: { msc4388_mode: "authenticated" },
    // Without an access token, nobody is asked whose it is.
    flags: ["--mode", "authenticated", "--homeserver", "http://127.0.0.1:9"],
    scenarios: {
      authenticated: { run: scenarioRefused, creation: { step: "create", status: "401 M_MISSING_TOKEN" } },
    },
  },
};

const seen: Difference[] = [];

for (const [setting, { experimental, flags, scenarios }] of Object.entries(SETTINGS)) {
  test(`${setting}: every answer is as Synapse's, but for what was reviewed`, async () => {
    const [synapse, server] = await Promise.all([
      startSynapse({ settings: withAuthenticationService(experimental) }),
      startServer("bun", ["--store", "memory:", ...flags]),
    ]);
    for (const [name, { run, creation }] of Object.entries(scenarios)) {
      const [theirs, ours] = [new Observer(synapse.url), new Observer(server.url)];
      for (const observer of [theirs, ours]) {
        await run(observer);
        assert.equal(observer.observations.get(creation.step)?.["status"], creation.status);
      }
      const differences = compare(theirs.observations, ours.observations);
      seen.push(...differences.map((one) => ({ ...one, step: `${name}: ${one.step}` })));
    }
    assert.deepEqual(unreviewed(seen, REVIEWED).unlisted, []);
    await Promise.all([synapse.stop(), server.stop()]);
  });
}

test("every reviewed difference is still one", () => {
  assert.deepEqual(unreviewed(seen, REVIEWED).stale, []);
});

test("the documentation has the reason of each", () => {
  const text = page("synapse.md");
  for (const { reason } of REVIEWED) assert.ok(text.includes(reason), reason);
});
