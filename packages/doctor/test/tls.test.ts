/** Real TLS servers, whose certificates clients refuse. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { DiagnosisName } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Identity, sign } from "./certificates.ts";
import { answersOf, examined, findingsOf, sentence } from "./examination.ts";
import { isCaseThere } from "./page.ts";
import { startStandIn } from "./stand-in.ts";

const NO = "no no no no";

const root = sign("A Root of Its Own", undefined, { isAuthority: true });
const between = sign("The Authority Between", root, { isAuthority: true });
const withChain = ({ certificate, key }: Identity, ...chain: readonly Identity[]): Identity => ({
  key,
  certificate: [certificate, ...chain.map((one) => one.certificate)].join(""),
});
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const CASES: readonly (readonly [name: string, identity: Identity, finding: DiagnosisName, says: string])[] = [
  [
    "a certificate that has expired",
    withChain(sign("localhost", between, { days: [-90, -2] }), between),
    "tls_expired",
    `.well-known: the certificate of URL has expired on ${day(-2)}.`,
  ],
  [
    "a certificate that is not valid yet",
    withChain(sign("localhost", between, { days: [2, 90] }), between),
    "tls_not_yet",
    `.well-known: the certificate of URL is valid from ${day(2)} on, and not yet.`,
  ],
  [
    "a certificate that is signed by itself",
    sign("localhost", undefined),
    "tls_self_signed",
    ".well-known: the certificate of URL is signed by itself (localhost), and no client trusts it.",
  ],
  [
    "a certificate for another name",
    withChain(sign("elsewhere.example", between, { names: ["elsewhere.example", "www.elsewhere.example"] }), between),
    "tls_wrong_name",
    ".well-known: the certificate of URL is for another name: elsewhere.example, www.elsewhere.example.",
  ],
  [
    "a certificate without the one between",
    sign("localhost", between),
    "tls_incomplete",
    ".well-known: URL sends its own certificate and not that of the authority that signed it (The Authority Between). Browsers may have it from elsewhere; other clients refuse.",
  ],
  [
    "a certificate of an authority that nobody knows",
    withChain(sign("localhost", between), between, root),
    "tls_untrusted",
    ".well-known: the certificate of URL is signed by The Authority Between, an authority that clients do not trust.",
  ],
];

for (const [name, identity, finding, says] of CASES) {
  test(name, async () => {
    isCaseThere(name, NO, finding);
    const standIn = await startStandIn(undefined, { identity });
    try {
      for (const rendezvousOnly of [false, true]) {
        const report = await examined({ target: standIn.url, rendezvousOnly });
        const expected = rendezvousOnly ? says.replace(".well-known", "TLS") : says;
        assert.equal(sentence(report, finding).replace(standIn.url, "URL"), expected);
        assert.equal(answersOf(report), NO, findingsOf(report).join(", "));
      }
    } finally {
      await standIn.close();
    }
  });
}

test("no TLS at all behind https", async () => {
  isCaseThere("no TLS at all behind https", NO, "tls_not_spoken");
  const standIn = await startStandIn();
  try {
    const url = standIn.url.replace("http:", "https:");
    const report = await examined({ target: url });
    assert.equal(sentence(report, "tls_not_spoken"), `.well-known: what listens at ${url} does not speak TLS.`);
    assert.equal(answersOf(report), NO, findingsOf(report).join(", "));
  } finally {
    await standIn.close();
  }
});

for (const [name, finding, says] of [
  ["hangs up", "tls_failed", /^\.well-known: no TLS connection to https:\S+ came about \(/],
  ["says nothing", "timeout", /^\.well-known: https:\S+ did not answer in time\.$/],
] as const) {
  test(`a port that ${name} instead of a TLS handshake`, async () => {
    isCaseThere(`a port that ${name} instead of a TLS handshake`, NO, finding);
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      if (finding === "tls_failed") socket.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const target = `https://localhost:${(server.address() as AddressInfo).port}`;
    const report = await examined({ target, limits: { requestMs: 300 } });
    server.close();
    assert.match(sentence(report, finding), says);
    assert.equal(answersOf(report), NO);
  });
}
