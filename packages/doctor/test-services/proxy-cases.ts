/** What people set up wrongly in reverse proxies. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { DiagnosisName } from "@matrix-rendezvous/doctor";
import type { ProductName } from "../../../integration/src/proxies.ts";
import { PATH_2025 } from "../test/spoils.ts";

export interface Case {
  readonly product: ProductName;
  readonly name: string;
  /** What is wrong with the documented file. */
  readonly spoil: (text: string) => string;
  readonly answers: string;
  readonly finding: DiagnosisName;
  /** Held reads are tried for so long. @default 0, not at all */
  readonly holdMs?: number;
  /** `URL` stands for the proxy's, `ETAG` and `ID` for what is of this session. */
  readonly says: string;
}

const CACHE = mkdtempSync(join(tmpdir(), "cache-"));
process.once("exit", () => rmSync(CACHE, { recursive: true }));

const NO = "no no no no";
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

export const CASES: readonly Case[] = [
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
  {
    product: "Caddy",
    name: "body limit too small",
    spoil: inCaddy("request_body {\nmax_size 8KB\n}"),
    answers: "yes yes no no",
    finding: "body_limit",
    says: TOO_LARGE.replace("413", "502"),
  },
  {
    product: "Caddy",
    name: "CORS doubled",
    spoil: inCaddy("header {\n+Access-Control-Allow-Origin *\ndefer\n}"),
    answers: LIMITED,
    finding: "cors_doubled",
    says: CORS_DOUBLED,
  },
  {
    product: "Apache",
    name: "a charset",
    spoil: inApache("AddDefaultCharset utf-8"),
    answers: NO_2024,
    finding: "content_type",
    says: CHARSET("text/plain; charset=utf-8"),
  },
  {
    product: "Apache",
    name: "sessions of the 2024 version not routed",
    spoil: (text) => text.replaceAll(/^ *ProxyPass \/_synapse\/client.*\n/gm, ""),
    answers: NO_2024,
    finding: "session_not_routed_2024",
    says: "A session was created, and its URL is 404 by a server that does not know the path: URL/_synapse/client/rendezvous/ID.",
  },
  {
    product: "nginx",
    name: "only the path itself of the 2025 version routed",
    spoil: (text) =>
      text.replace("location ~ ^/(_matrix|", `location ^~ ${PATH_2025}/ { return 404; }\nlocation ~ ^/(_matrix|`),
    answers: "yes yes no no",
    finding: "session_not_routed_2025",
    says: "A session was created, and reading it is 404 by a server that does not know the path.",
  },
  {
    product: "nginx",
    name: "a web page for what is not routed",
    spoil: (text) =>
      text
        .replaceAll("rendezvous(/|$)", "nowhere(/|$)")
        .replace("^/(_matrix|_synapse/client)/", "^/(.well-known|_matrix/client/(versions|v1))")
        .replace("return 404;", 'default_type text/html; return 200 "<!doctype html><p>Welcome";'),
    answers: NO,
    finding: "html_answer",
    says: "discovery: a web page came back (200), not the homeserver's answer. A captive portal, a login page or the web server itself answers here.",
  },
  {
    product: "nginx",
    name: "error pages of its own",
    spoil: inNginx("proxy_intercept_errors on;\nerror_page 404 /404.html;"),
    answers: "yes yes limited limited",
    finding: "gone_not_json",
    says: "A session that is over is answered 404 without JSON. matrix-js-sdk asks again and again without a pause.",
  },
  {
    product: "nginx",
    name: "a cache",
    spoil: (text) =>
      `proxy_cache_path ${CACHE} keys_zone=all:1m;\n${inNginx(
        "proxy_cache all;\nproxy_cache_valid any 1m;\nproxy_ignore_headers Cache-Control Expires;",
      )(text)}`,
    answers: NO,
    finding: "old_payload",
    says: "A write was accepted, and what the session held before came back. A cache answers and does not say so, or the write went elsewhere. Devices never see each other's messages.",
  },
  {
    product: "nginx",
    name: "buffering of requests and answers, which does no harm",
    spoil: inNginx("proxy_buffering on;\nproxy_request_buffering on;"),
    holdMs: 1_000,
    answers: YES,
    finding: "etag_changed",
    says: ETAG_CHANGED('W/"ETAG"'),
  },
  {
    product: "nginx",
    name: "answers that are slowed down",
    // Without compression, which makes the longest payload short.
    spoil: (text) => text.replace("gzip on;", "limit_rate 8k;"),
    answers: LIMITED,
    finding: "dripping",
    says: "Answers begin at once and arrive in drips: the end of one came SOME ms after its head.",
  },
  {
    product: "nginx",
    name: "reads that wait cut off",
    spoil: inNginx("proxy_read_timeout 1s;"),
    holdMs: 2_000,
    answers: "yes yes limited limited",
    finding: "wait_cut",
    says: "A read that is to wait for the next message was cut off after SOME ms (504). Clients that wait so fail, or ask again all the time.",
  },
  {
    product: "Apache",
    name: "reads that wait cut off",
    spoil: inApache("ProxyTimeout 1"),
    holdMs: 2_000,
    answers: "yes yes limited limited",
    finding: "wait_cut",
    says: "A read that is to wait for the next message was cut off after SOME ms (502). Clients that wait so fail, or ask again all the time.",
  },
  {
    product: "nginx",
    name: "nothing behind it",
    spoil: (text) => text.replace("127.0.0.1:8008", "127.0.0.1:9"),
    answers: NO,
    finding: "backend_away",
    says: "/versions: 502. The reverse proxy does not reach what it is to pass this on to.",
  },
];
