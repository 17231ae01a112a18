/** Real reverse proxies, with the misconfigurations that people have. */
import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { freePort } from "../../../integration/src/program.ts";
import { startProxy } from "../../../integration/src/proxies.ts";
import { startSynapse, withAuthenticationService } from "../../../integration/src/synapse.ts";
import { answersOf, examined, findingsOf, sentence } from "../test/examination.ts";
import { isCaseThere } from "../test/page.ts";
import { startStandIn } from "../test/stand-in.ts";
import { SECRET, startAuthenticationService } from "./authentication-service.ts";
import { CASES } from "./proxy-cases.ts";

for (const { product, name, spoil, holdMs = 0, answers, finding, says } of CASES) {
  test(`${product}: ${name}`, async () => {
    isCaseThere(`${product}: ${name}`, answers, finding);
    const port = await freePort();
    const behind = `http://127.0.0.1:${port}`;
    const proxy = await startProxy(product, { rendezvous: behind, synapse: behind }, spoil);
    const standIn = await startStandIn(undefined, { port, publicUrl: proxy.url });
    try {
      const report = await examined({ target: proxy.url, limits: { holdMs } });
      const said = sentence(report, finding)
        .replaceAll(proxy.url, "URL")
        .replace(/[~\w-]{6}…/, "ID")
        .replace(/\b\d+ ms\b/, "SOME ms");
      assert.equal(said.replaceAll(/"[\w-]{16}(-gzip)?"/g, '"ETAG$1"'), says);
      assert.equal(answersOf(report), answers, findingsOf(report).join(", "));
    } finally {
      await standIn.close();
      await proxy.stop();
    }
  });
}

for (const [name, scheme, answers, finding, says] of [
  [
    "public_baseurl with http",
    "http",
    "no no no no",
    "session_url_http",
    /^The session's URL begins with http, though it was created by https: http:/,
  ],
  [
    "compression",
    "https",
    "no no no no",
    "etag_mangled",
    /becomes W\/"[^"]+" in compressed answers, and the server does not take that back \(412\)/,
  ],
] as const) {
  test(`nginx before Synapse: ${name}`, async () => {
    isCaseThere(`nginx before Synapse: ${name}`, answers, finding);
    const [port, service] = [await freePort(), await startAuthenticationService()];
    const behind = `http://127.0.0.1:${port}`;
    const proxy = await startProxy("nginx", { rendezvous: behind, synapse: behind });
    const settings = {
      ...withAuthenticationService({ msc4108_enabled: true, msc4388_mode: "open" }),
      matrix_authentication_service: { enabled: true, endpoint: `${service.url}/`, secret: SECRET },
      public_baseurl: proxy.url.replace("https", scheme),
    };
    const synapse = await startSynapse({ port, settings });
    try {
      const report = await examined({ target: proxy.url });
      assert.match(sentence(report, finding), says);
      assert.equal(answersOf(report), answers, findingsOf(report).join(", "));
    } finally {
      await synapse.stop();
      await proxy.stop();
      await service.close();
    }
  });
}
