import assert from "node:assert/strict";
import { type Answer, failed } from "../answer.ts";
import type { Check } from "../check.ts";
import type { Client } from "../client.ts";
import { MATRIX } from "../sections.ts";

const section = MATRIX.browsers;

const ORIGIN = "https://app.example.org";

/** What each route is asked by: a browser asks before any of these, with headers that no simple request has. */
const PREFLIGHTS = [
  { id: "root", route: "of creation and discovery", path: "", methods: ["GET", "POST"] },
  { id: "session", route: "of a session", path: "/abcdEFG12345", methods: ["GET", "PUT", "DELETE"] },
  { id: "transaction", route: "of a transaction", path: "/abcdEFG12345/m1", methods: ["PUT"] },
] as const;

interface Situation {
  readonly id: string;
  readonly name: string;
  /** A cache may hold it back from a client, or give it to one that did not ask for it. */
  readonly cacheable?: true;
  readonly ask: (client: Client) => Promise<Answer>;
}

/** One of each kind of answer. */
const SITUATIONS: readonly Situation[] = [
  { id: "discovery", name: "discovery", cacheable: true, ask: (client) => client.discover() },
  { id: "creation", name: "a creation", ask: (client) => client.post('{"data":""}') },
  { id: "read", name: "a read", cacheable: true, ask: async (client) => client.read(await client.create()) },
  {
    id: "write",
    name: "a write",
    async ask(client) {
      const session = await client.create();
      return client.write(session, { sequence_token: session.token, data: "" });
    },
  },
  { id: "cancellation", name: "a cancellation", ask: async (client) => client.cancel(await client.create()) },
  { id: "not-json", name: "a body that is no JSON", ask: (client) => client.post("{") },
  { id: "missing-member", name: "a missing field", ask: (client) => client.post("{}") },
  {
    id: "unknown-session",
    name: "a session that never was",
    cacheable: true,
    ask: (client) => client.read({ id: "abcdEFG12345" }),
  },
  {
    id: "conflict",
    name: "a concurrent write",
    ask: async (client) => client.write(await client.create(), { sequence_token: "never-given", data: "other" }),
  },
  {
    id: "too-large",
    name: "a payload that is too large",
    ask: (client) => client.post(JSON.stringify({ data: "x".repeat(4097) })),
  },
  { id: "wrong-method", name: "a wrong method", ask: (client) => client.send("DELETE", client.root) },
  {
    id: "unknown-path",
    name: "a path that is not known",
    cacheable: true,
    ask: (client) => client.send("GET", `${client.root}/a/b/c`),
  },
  {
    id: "unsafe-read",
    name: "an unsafe read",
    cacheable: true,
    async ask(client) {
      const lines = ["Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none"];
      return client.ask("GET", client.head("GET", client.pathOf(await client.create()), ...lines));
    },
  },
];

export const corsChecks: readonly Check[] = [
  ...PREFLIGHTS.map(
    ({ id, route, path }): Check => ({
      id: `options-${id}`,
      name: `OPTIONS ${route} is answered`,
      section,
      level: id === "transaction" ? "own" : "must",
      async run(client) {
        const { status } = await preflight(client, client.root + path, "GET");
        assert.ok(status === 200 || status === 204, `answered ${status}`);
      },
    }),
  ),
  ...PREFLIGHTS.flatMap(({ id, route, path, methods }) =>
    methods.map(
      (method): Check => ({
        id: `preflight-${id}-${method.toLowerCase()}`,
        name: `the preflight ${route} lets a web page ask with ${method}`,
        section,
        level: id === "transaction" ? "own" : "should",
        async run(client) {
          const answer = await preflight(client, client.root + path, method);
          assert.ok(answer.status === 200 || answer.status === 204, `answered ${answer.status}`);
          assert.equal(answer.headers.get("access-control-allow-origin"), "*");
          const allowed = listOf(answer, "access-control-allow-methods");
          assert.ok(allowed.includes(method.toLowerCase()), `allows only ${allowed.join(", ")}`);
          for (const header of ["content-type", "authorization"]) {
            assert.ok(listOf(answer, "access-control-allow-headers").includes(header), `does not allow ${header}`);
          }
        },
      }),
    ),
  ),
  {
    id: "preflight-recommended",
    name: "the preflight allows the methods and headers that the specification lists",
    section,
    level: "should",
    async run(client) {
      for (const path of ["", "/abcdEFG12345"]) {
        const answer = await preflight(client, client.root + path, "PUT");
        for (const method of ["get", "post", "put", "delete", "options"]) {
          assert.ok(listOf(answer, "access-control-allow-methods").includes(method), method);
        }
        for (const header of ["x-requested-with", "content-type", "authorization"]) {
          assert.ok(listOf(answer, "access-control-allow-headers").includes(header), header);
        }
      }
    },
  },
  {
    id: "preflight-same",
    name: "the preflight of a session is the same whether it exists or not",
    section: "a preflight is answered without looking anything up",
    level: "own",
    async run(client) {
      const known = await preflight(client, client.pathOf(await client.create()), "GET");
      const unknown = await preflight(client, `${client.root}/abcdEFG12345`, "GET");
      assert.equal(known.status, unknown.status);
      assert.deepEqual([...known.headers.keys()].sort(), [...unknown.headers.keys()].sort());
    },
  },
  {
    id: "preflight-unknown-path",
    name: "the preflight of a path that is not known passes, so that a web page gets to see its 404",
    section: "a browser hides the answer behind a preflight that fails",
    level: "own",
    async run(client) {
      const answer = await preflight(client, `${client.root}/a/b/c`, "GET");
      assert.ok(answer.status === 200 || answer.status === 204, `answered ${answer.status}`);
    },
  },
  ...SITUATIONS.map(
    ({ id, name, ask }): Check => ({
      id: `visible-${id}`,
      name: `the answer to ${name} may be seen by any web page, and is the same for each`,
      section,
      level: "should",
      async run(client) {
        const { headers } = await ask(client);
        const origin = headers.get("access-control-allow-origin");
        assert.ok(origin === "*", `Access-Control-Allow-Origin is ${origin}`);
        assert.ok(!headers.has("access-control-allow-credentials"), "Access-Control-Allow-Credentials is there");
      },
    }),
  ),
  ...SITUATIONS.map(
    ({ id, name, cacheable, ask }): Check => ({
      id: `not-cached-${id}`,
      name: `the answer to ${name} is not for any cache`,
      section: "a client's first read is unconditional: a cached answer is taken for the session's state",
      level: cacheable ? "clients" : "own",
      async run(client) {
        assert.match((await ask(client)).headers.get("cache-control") ?? "", /\bno-store\b/);
      },
    }),
  ),
  {
    id: "any-origin",
    name: "an origin is not let in by name",
    section,
    level: "own",
    async run(client) {
      for (const origin of [ORIGIN, "null", "https://evil.example"]) {
        const answer = await client.read({ id: "abcdEFG12345" }, { Origin: origin });
        failed(answer, 404, "M_NOT_FOUND");
        assert.equal(answer.headers.get("access-control-allow-origin"), "*");
      }
    },
  },
];

/** Over a wire: `fetch` may not be allowed to name an origin or to ask for a method. */
function preflight(client: Client, path: string, method: string): Promise<Answer> {
  const asked = [
    `Access-Control-Request-Method: ${method}`,
    "Access-Control-Request-Headers: authorization,content-type",
  ];
  return client.ask("OPTIONS", client.head("OPTIONS", path, `Origin: ${ORIGIN}`, ...asked));
}

function listOf({ headers }: Answer, name: string): string[] {
  return (headers.get(name) ?? "").split(",").map((item) => item.trim().toLowerCase());
}
