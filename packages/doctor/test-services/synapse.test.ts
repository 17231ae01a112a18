/** A real Synapse, set up as it should be and in the wrong ways there are. */
import assert from "node:assert/strict";
import type { DiagnosisName, ExamineOptions, Report } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import { freePort } from "../../../integration/src/program.ts";
import { type Synapse, startSynapse, withAuthenticationService } from "../../../integration/src/synapse.ts";
import { answersOf, examined, findingsOf, sentence } from "../test/examination.ts";
import { isCaseThere } from "../test/page.ts";
import { ACCESS_TOKEN, SECRET, startAuthenticationService } from "./authentication-service.ts";

type Settings = Readonly<Record<string, unknown>>;

const CREATE = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
const NO = "no no no no";

/** Settings with an authentication service, at `endpoint`. */
function withService(endpoint: string, experimental: Settings): Settings {
  const service = { enabled: true, endpoint: `${endpoint}/`, secret: SECRET };
  return { ...withAuthenticationService(experimental), matrix_authentication_service: service };
}

async function withSynapse(settings: Settings, use: (synapse: Synapse) => Promise<void>): Promise<void> {
  const synapse = await startSynapse({ settings });
  await use(synapse).finally(() => synapse.stop());
}

interface Case {
  readonly name: string;
  readonly settings: (endpoint: string) => Settings;
  readonly grants?: readonly string[];
  readonly options?: Partial<ExamineOptions>;
  readonly answers: string;
  readonly finding: DiagnosisName;
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    name: "the experimental features are not set",
    settings: (endpoint) => withService(endpoint, {}),
    answers: "off off off off",
    finding: "off_2024",
    says: "The 2024 version, which released clients speak, is off.",
  },
  {
    name: "only the 2025 version",
    settings: (endpoint) => withService(endpoint, { msc4388_mode: "open" }),
    answers: "off off yes yes",
    finding: "off_2024",
    says: "The 2024 version, which released clients speak, is off.",
  },
  {
    name: "only the 2024 version",
    settings: (endpoint) => withService(endpoint, { msc4108_enabled: true }),
    answers: "yes yes off off",
    finding: "off_2025",
    says: "The 2025 version is off.",
  },
  {
    name: "only who is signed in creates sessions, and no access token is given",
    settings: (endpoint) => withService(endpoint, { msc4108_enabled: true, msc4388_mode: "authenticated" }),
    answers: "yes yes off unknown",
    finding: "token_not_given",
    says: "Whether an existing device can show a code of the 2025 version takes an access token to find out.",
  },
  {
    name: "no authentication service",
    settings: () => ({}),
    answers: "off off off off",
    finding: "own_accounts",
    says: "The homeserver still keeps registration and passwords itself (/login offers m.login.password): there is no authentication service, and clients offer no QR code without one.",
  },
  {
    name: "an authentication service that is away",
    settings: () => withService("http://127.0.0.1:9", { msc4108_enabled: true, msc4388_mode: "open" }),
    answers: NO,
    finding: "auth_service_away",
    says: "The homeserver does not get through to its authentication service (auth_metadata is 500).",
  },
  {
    name: "an authentication service without the device grant",
    settings: (endpoint) => withService(endpoint, { msc4108_enabled: true, msc4388_mode: "open" }),
    grants: [],
    answers: NO,
    finding: "no_device_grant",
    says: "The authentication service does not offer the device authorization grant: urn:ietf:params:oauth:grant-type:device_code is not among its grant_types_supported. No client offers a QR code then, whatever else is set.",
  },
  {
    name: "delegation to an address where nobody is",
    settings: (endpoint) =>
      withService(endpoint, { msc4108_delegation_endpoint: `http://nobody.invalid${CREATE}`, msc4388_mode: "open" }),
    answers: "no no yes yes",
    finding: "delegation_dead",
    says: `The homeserver sends those who create sessions on to http://nobody.invalid${CREATE}, and there is no rendezvous server there (host unknown).`,
  },
  {
    name: "delegation with a slash at its end",
    settings: (endpoint) =>
      withService(endpoint, { msc4108_delegation_endpoint: `${endpoint}/not-there/`, msc4388_mode: "open" }),
    answers: "no no yes yes",
    finding: "delegation_slash",
    says: "The homeserver sends those who create sessions on to SERVICE/not-there/, with a slash at its end, which is another path and 404.",
  },
  {
    name: "public_baseurl with a path that is not there",
    settings: (endpoint) => ({
      ...withService(endpoint, { msc4108_enabled: true, msc4388_mode: "open" }),
      public_baseurl: "http://nobody.invalid/",
    }),
    answers: NO,
    finding: "host_unknown",
    says: "/versions: the name in http://nobody.invalid is not known to DNS.",
  },
];

for (const { name, settings, grants, options, answers, finding, says } of CASES) {
  test(name, async () => {
    isCaseThere(name, answers, finding);
    const service = await startAuthenticationService(grants);
    await withSynapse(settings(service.url), async ({ url }) => {
      const report = await examined({ target: url, ...options });
      assert.equal(sentence(report, finding).replace(service.url, "SERVICE"), says);
      assert.equal(answersOf(report), answers, findingsOf(report).join(", "));
    }).finally(() => service.close());
  });
}

test("set up as it should be, with everything", async () => {
  const service = await startAuthenticationService();
  await withSynapse(withService(service.url, { msc4108_enabled: true, msc4388_mode: "open" }), async ({ url }) => {
    const report = await examined({ target: url });
    assert.equal(answersOf(report), "yes yes yes yes", findingsOf(report).join(", "));
    assert.ok(report.ok);
    // Synapse ends the base URL in .well-known with a slash.
    assert.deepEqual(findingsOf(report), ["base_url_slash"]);
  }).finally(() => service.close());
});

test("only who is signed in creates sessions, and an access token is given", async () => {
  const service = await startAuthenticationService();
  const settings = withService(service.url, { msc4108_enabled: true, msc4388_mode: "authenticated" });
  await withSynapse(settings, async ({ url, ask }) => {
    await ask("POST", "/_synapse/mas/provision_user", SECRET, { localpart: "alice" }).catch((error: Error) => {
      // Created.
      if (!error.message.includes("was answered 201")) throw error;
    });
    const existing = async (accessToken: string): Promise<Report> => await examined({ target: url, accessToken });
    const right = await existing(ACCESS_TOKEN);
    assert.equal(answersOf(right), "yes yes off yes", findingsOf(right).join(", "));
    assert.ok(!JSON.stringify(right).includes(ACCESS_TOKEN));
    assert.match(sentence(right, "needs_token"), /^Only who is signed in may create sessions/);
    const wrong = await existing("mat_of_nobody");
    assert.equal(answersOf(wrong), "yes yes off no");
    assert.equal(
      sentence(wrong, "token_refused"),
      "The homeserver does not take the access token that was given (401).",
    );
  }).finally(() => service.close());
});

for (const [name, settings] of [
  ["the mode by its old name", withService("http://127.0.0.1:9", { msc4388_mode: "public" })],
  ["registration still enabled", { ...withService("http://127.0.0.1:9", {}), enable_registration: true }],
] as const) {
  test(`Synapse does not start with ${name}`, async () => {
    isCaseThere(`Synapse does not start with ${name}`, NO, "connection_refused");
    const port = await freePort();
    await assert.rejects(startSynapse({ settings, port }));
    const report = await examined({ target: `http://127.0.0.1:${port}` });
    assert.equal(sentence(report, "connection_refused"), `.well-known: nothing listens at http://127.0.0.1:${port}.`);
    assert.equal(answersOf(report), NO);
    const [finding] = report.steps.flatMap(({ findings }) => findings);
    assert.match(finding?.change ?? "", /a Synapse that finds a mistake in its settings does not start: see its log/);
  });
}
