/** The command by its targets, against what really listens with TLS. */
import assert from "node:assert/strict";
import type { DiagnosisName } from "@matrix-rendezvous/doctor";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { sign } from "../../../../packages/doctor/test/certificates.ts";
import { answersOf, findingsOf, sentence } from "../../../../packages/doctor/test/examination.ts";
import { type Protocol, startFront } from "../../../../packages/doctor/test/front.ts";
import { sessionUrl } from "../../../../packages/doctor/test/spoils.ts";
import { at, metadata, type Spoil, startStandIn } from "../../../../packages/doctor/test/stand-in.ts";
import { RUNTIMES } from "../server-process.ts";
import { authority, doctor, reportIn, TRUSTING } from "./doctor.ts";

const between = sign("An Authority Between", authority, { isAuthority: true });

interface Fault {
  readonly name: string;
  readonly protocol?: Protocol;
  /** How long the certificate is valid, in days. */
  readonly days?: number;
  readonly spoil?: (url: string) => Spoil;
  readonly answers: string;
  readonly finding: DiagnosisName;
  readonly says: string;
  /** @default all; what is not about TLS itself is the same on each */
  readonly on?: readonly Runtime[];
}

/** Sessions of the 2025 version are for those who are signed in, so that no read is held, which takes its time. */
const OPEN = "yes yes off unknown";

interface Homeserver {
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function startHomeserver({ protocol = "http2", days = 90, spoil }: Partial<Fault> = {}): Promise<Homeserver> {
  const { certificate, key } = sign("localhost", between, { days: [-1, days] });
  const front = await startFront({ certificate: certificate + between.certificate, key }, protocol);
  const standIn = await startStandIn(spoil?.(front.url), { mode: "authenticated", publicUrl: front.url });
  front.to(standIn.url);
  const close = async (): Promise<void> => {
    front.close();
    await standIn.close();
  };
  return { url: front.url, close };
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: a URL, a server name or a user ID, of a homeserver with TLS and HTTP/2`, async () => {
    const { url, close } = await startHomeserver();
    const name = url.slice("https://".length);
    const targets = [[url], [`${url}/`], [name], [`@a:${name}`], ["--user", `@a:${name}`]];
    const expecting = ["--json", "--expect", "2024-new,2024-existing"];
    const said = await Promise.all(targets.map((target) => doctor(runtime, [...target, ...expecting], TRUSTING)));
    await close();
    for (const one of said) {
      const report = reportIn(one);
      assert.deepEqual(findingsOf(report), ["needs_token", "token_not_given"]);
      assert.equal(answersOf(report), OPEN);
      assert.equal(report.baseUrl, url);
      const { exchanges = [] } = report.steps.find(({ id }) => id === "transport") ?? {};
      assert.deepEqual(
        exchanges.map(({ came }) => came),
        ["TLSv1.3, HTTP/2", "200"],
      );
      assert.equal(one.code, 0);
    }
  });
}

const FAULTS: readonly Fault[] = [
  {
    name: "no HTTP/2",
    protocol: "http1",
    answers: OPEN,
    finding: "no_http2",
    says: "HTTP/2 is not offered. Sign-in works without it; clients that poll need fewer connections with it.",
  },
  {
    name: "HTTP/2 that is agreed to and not spoken",
    protocol: "broken",
    answers: "limited limited off unknown",
    finding: "http2_broken",
    says: "HTTP/2 is agreed to, and a request by it is not answered (connection lost). Browsers and most clients use it.",
    // Deno's own fetch speaks HTTP/2, so that nothing at all works there.
    on: ["node", "bun"],
  },
  {
    name: "a certificate that expires soon",
    days: 3,
    answers: OPEN,
    finding: "tls_expires_soon",
    says: "The certificate is valid for 2 more days.",
  },
  {
    name: "an http base behind https",
    spoil: (url) =>
      at("/.well-known", () =>
        Response.json(
          { "m.homeserver": { base_url: url.replace("https", "http") } },
          { headers: { "Access-Control-Allow-Origin": "*" } },
        ),
      ),
    answers: "no no no no",
    on: ["node"],
    finding: "base_url_http",
    says: "The homeserver's base URL is HTTP, with http, though .well-known was asked by https. Clients do not go from https to http.",
  },
  {
    name: "an http address for devices to be signed in",
    spoil: (url) => at("/_matrix/client/v1/auth_metadata", () => Response.json(metadata(url.replace("https", "http")))),
    answers: "no no off no",
    on: ["bun"],
    finding: "device_endpoint_http",
    says: "The device_authorization_endpoint is HTTP/oauth2/device, with http, while the homeserver is reached by https.",
  },
  {
    name: "an http address for sessions",
    spoil: () => sessionUrl((url) => url.replace("https", "http")),
    answers: "no no off unknown",
    on: ["deno"],
    finding: "session_url_http",
    says: "The session's URL begins with http, though it was created by https: HTTP/_synapse/client/rendezvous/ID. It goes into the QR code, and clients do not open it.",
  },
];

for (const fault of FAULTS) {
  test(fault.name, async () => {
    const { url, close } = await startHomeserver(fault);
    const said = await Promise.all((fault.on ?? RUNTIMES).map((runtime) => doctor(runtime, [url, "--json"], TRUSTING)));
    await close();
    for (const one of said) {
      const report = reportIn(one);
      const text = sentence(report, fault.finding).replace(url.replace("https", "http"), "HTTP");
      assert.equal(text.replace(/[~\w-]{6}…/, "ID"), fault.says);
      assert.equal(answersOf(report), fault.answers, findingsOf(report).join(", "));
      assert.equal(one.code, fault.answers === OPEN ? 0 : 1);
    }
  });
}
