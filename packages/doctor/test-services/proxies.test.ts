/** Real reverse proxies, with the misconfigurations that people have. */
import assert from "node:assert/strict";
import type { DiagnosisName } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import { freePort } from "../../../integration/src/program.ts";
import { type ProductName, startProxy } from "../../../integration/src/proxies.ts";
import { startSynapse, withAuthenticationService } from "../../../integration/src/synapse.ts";
import { answersOf, examined, findingsOf, sentence } from "../test/examination.ts";
import { startStandIn } from "../test/stand-in.ts";
import { SECRET, startAuthenticationService } from "./authentication-service.ts";

interface Case {
  readonly product: ProductName;
  readonly name: string;
  /** What is wrong with the documented file. */
  readonly spoil: (text: string) => string;
  readonly answers: string;
  readonly finding: DiagnosisName;
  /** `URL` stands for the proxy's, `ETAG` and `ID` for what is of this session. */
  readonly says: string;
}

const YES = "yes yes yes yes";
const NO_2024 = "no no yes yes";
const LIMITED = "limited limited limited limited";

const inNginx =
  (directive: string) =>
  (text: string): string =>
    text.replace("gzip on;", `gzip on;\n${directive}`);
const inApache =
  (directive: string) =>
  (text: string): string =>
    text.replace("ProxyRequests Off", `ProxyRequests Off\n${directive}`);
const inCaddy =
  (directive: string) =>
  (text: string): string =>
    text.replace("encode zstd gzip", `encode zstd gzip\n${directive}`);

const CORS_MISSING =
  "preflight of POST: no Access-Control-Allow-Origin. Web clients of other origins do not get to see the answer.";
const CORS_DOUBLED =
  'preflight of POST: Access-Control-Allow-Origin comes twice ("*, *"). Browsers refuse such an answer.';
const TOO_LARGE =
  "writing: a body of 24623 bytes is refused (413). Clients send payloads of up to 4,096 bytes, which can be 24 KiB of JSON.";
const CHARSET = (value: string): string =>
  `The Content-Type of a payload is "${value}", not exactly text/plain. Clients drop the message without a word.`;
const ETAG_CHANGED = (form: string): string =>
  `The ETag is changed on the way ("ETAG" becomes ${form} in compressed answers). The server takes it back all the same.`;
const NO_ETAG = "creating: no ETag. Clients need it on every answer, or the sign-in ends.";

const CASES: readonly Case[] = [
  {
    product: "nginx",
    name: "compression",
    spoil: (text) => text,
    answers: YES,
    finding: "etag_changed",
    says: ETAG_CHANGED('W/"ETAG"'),
  },
  {
    product: "Apache",
    name: "compression",
    spoil: (text) => text,
    answers: YES,
    finding: "etag_changed",
    says: ETAG_CHANGED('"ETAG-gzip"'),
  },
  {
    product: "nginx",
    name: "CORS stripped",
    spoil: inNginx("proxy_hide_header Access-Control-Allow-Origin;"),
    answers: LIMITED,
    finding: "cors_missing",
    says: CORS_MISSING,
  },
  {
    product: "Apache",
    name: "CORS stripped",
    spoil: inApache("Header always unset Access-Control-Allow-Origin\nHeader unset Access-Control-Allow-Origin"),
    answers: LIMITED,
    finding: "cors_missing",
    says: CORS_MISSING,
  },
  {
    product: "Caddy",
    name: "CORS stripped",
    spoil: inCaddy("header {\n-Access-Control-Allow-Origin\ndefer\n}"),
    answers: LIMITED,
    finding: "cors_missing",
    says: CORS_MISSING,
  },
  {
    product: "nginx",
    name: "CORS doubled",
    spoil: inNginx("add_header Access-Control-Allow-Origin * always;"),
    answers: LIMITED,
    finding: "cors_doubled",
    says: CORS_DOUBLED,
  },
  {
    product: "Apache",
    name: "CORS doubled",
    spoil: inApache('Header add Access-Control-Allow-Origin "*"'),
    answers: LIMITED,
    finding: "cors_doubled",
    says: CORS_DOUBLED,
  },
  {
    product: "nginx",
    name: "body limit too small",
    spoil: inNginx("client_max_body_size 8k;"),
    answers: "yes yes no no",
    finding: "body_limit",
    says: TOO_LARGE,
  },
  {
    product: "nginx",
    name: "a charset",
    spoil: inNginx("charset utf-8;"),
    answers: NO_2024,
    finding: "content_type",
    says: CHARSET("text/plain; charset=utf-8"),
  },
  {
    product: "Caddy",
    name: "a charset",
    spoil: inCaddy('header {\nContent-Type "text/plain; charset=utf-8"\ndefer\n}'),
    answers: NO_2024,
    finding: "content_type",
    says: CHARSET("text/plain; charset=utf-8"),
  },
  {
    product: "nginx",
    name: "answers rewritten",
    spoil: inNginx("sub_filter_types *;\nsub_filter nothing-of-that-kind x;"),
    answers: NO_2024,
    finding: "etag_missing",
    says: NO_ETAG,
  },
  {
    product: "Apache",
    name: "ETags unset",
    spoil: inApache("Header unset ETag"),
    answers: NO_2024,
    finding: "etag_missing",
    says: NO_ETAG,
  },
  {
    product: "nginx",
    name: "sessions of the 2024 version not routed",
    spoil: (text) =>
      text
        .replace("^/(_synapse/client|_matrix/client/v1)/rendezvous(/|$)", "^/_matrix/client/v1/rendezvous(/|$)")
        .replace("^/(_matrix|_synapse/client)/", "^/_matrix/"),
    answers: NO_2024,
    finding: "session_not_routed_2024",
    says: "A session was created, and its URL is 404 by a server that does not know the path: URL/_synapse/client/rendezvous/ID.",
  },
  {
    product: "Caddy",
    name: "nothing routed",
    spoil: (text) =>
      text
        .replace("@synapse path /_matrix/* /_synapse/client/*", "@synapse path /elsewhere/*")
        .replace(/\^\(\/_matrix\S+/, "^/elsewhere"),
    answers: "off off no no",
    finding: "not_a_homeserver",
    says: "GET /_matrix/client/versions is 404: there is no homeserver at this address, or the path is not routed to it.",
  },
];

for (const { product, name, spoil, answers, finding, says } of CASES) {
  test(`${product}: ${name}`, async () => {
    const port = await freePort();
    const behind = `http://127.0.0.1:${port}`;
    const proxy = await startProxy(product, { rendezvous: behind, synapse: behind }, spoil);
    const standIn = await startStandIn(undefined, { port, publicUrl: proxy.url });
    try {
      const report = await examined({ target: proxy.url });
      const said = sentence(report, finding)
        .replaceAll(proxy.url, "URL")
        .replace(/[~\w-]{6}…/, "ID");
      assert.equal(said.replaceAll(/"[\w-]{16}(-gzip)?"/g, '"ETAG$1"'), says);
      assert.equal(answersOf(report), answers, findingsOf(report).join(", "));
    } finally {
      await standIn.close();
      await proxy.stop();
    }
  });
}

for (const [name, scheme, finding, says] of [
  [
    "public_baseurl with http",
    "http",
    "session_url_http",
    /^The session's URL begins with http, though it was created by https: http:/,
  ],
  [
    "compression",
    "https",
    "etag_mangled",
    /becomes W\/"[^"]+" in compressed answers, and the server does not take that back \(412\)/,
  ],
] as const) {
  test(`nginx before Synapse: ${name}`, async () => {
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
      assert.match(sentence(await examined({ target: proxy.url }), finding), says);
    } finally {
      await synapse.stop();
      await proxy.stop();
      await service.close();
    }
  });
}
