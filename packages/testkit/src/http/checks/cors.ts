import assert from "node:assert/strict";
import { type Answer, failed } from "../answer.ts";
import type { Check } from "../check.ts";
import type { Client } from "../client.ts";

const section = 'Matrix specification "Web Browser Clients"';

const ORIGIN = "https://app.example.org";

/** What each route is asked by: a browser asks before any of these, with headers that no simple request has. */
const PREFLIGHTS = [
  { route: "of creation and discovery", path: "", methods: ["GET", "POST"] },
  { route: "of a session", path: "/abcdEFG12345", methods: ["GET", "PUT", "DELETE"] },
  { route: "of a transaction", path: "/abcdEFG12345/m1", methods: ["PUT"] },
] as const;

interface Situation {
  readonly name: string;
  readonly ask: (client: Client) => Promise<Answer>;
}

/** One of each kind of answer. */
const SITUATIONS: readonly Situation[] = [
  { name: "discovery", ask: (client) => client.discover() },
  { name: "a creation", ask: (client) => client.post('{"data":""}') },
  { name: "a read", ask: async (client) => client.read(await client.create()) },
  {
    name: "a write",
    async ask(client) {
      const session = await client.create();
      return client.write(session, { sequence_token: session.token, data: "" });
    },
  },
  { name: "a cancellation", ask: async (client) => client.cancel(await client.create()) },
  { name: "a body that is no JSON", ask: (client) => client.post("{") },
  { name: "a missing field", ask: (client) => client.post("{}") },
  { name: "a session that never was", ask: (client) => client.read({ id: "abcdEFG12345" }) },
  {
    name: "a concurrent write",
    ask: async (client) => client.write(await client.create(), { sequence_token: "never-given", data: "other" }),
  },
  { name: "a payload that is too large", ask: (client) => client.post(JSON.stringify({ data: "x".repeat(4097) })) },
  { name: "a wrong method", ask: (client) => client.send("DELETE", client.root) },
  { name: "a path that is not known", ask: (client) => client.send("GET", `${client.root}/a/b/c`) },
  {
    name: "an unsafe read",
    async ask(client) {
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(await client.create()), "Sec-Fetch-Dest: document"));
      return wire.answer();
    },
  },
];

export const corsChecks: readonly Check[] = [
  ...PREFLIGHTS.flatMap(({ route, path, methods }) =>
    methods.map(
      (method): Check => ({
        name: `the preflight ${route} lets a web page ask with ${method}`,
        section,
        level: path.includes("/m1") ? "clients" : "must",
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
    name: "the preflight of a session is the same whether it exists or not",
    section: "a preflight is answered without looking anything up",
    level: "ours",
    async run(client) {
      const known = await preflight(client, client.pathOf(await client.create()), "GET");
      const unknown = await preflight(client, `${client.root}/abcdEFG12345`, "GET");
      assert.equal(known.status, unknown.status);
      assert.deepEqual([...known.headers.keys()].sort(), [...unknown.headers.keys()].sort());
    },
  },
  {
    name: "the preflight of a path that is not known passes, so that a web page gets to see its 404",
    section: "a browser hides the answer behind a preflight that fails",
    level: "ours",
    async run(client) {
      const answer = await preflight(client, `${client.root}/a/b/c`, "GET");
      assert.ok(answer.status === 200 || answer.status === 204, `answered ${answer.status}`);
    },
  },
  ...SITUATIONS.map(
    ({ name, ask }): Check => ({
      name: `the answer to ${name} may be seen by any web page, and is the same for each`,
      section,
      level: "must",
      async run(client) {
        const { headers } = await ask(client);
        assert.equal(headers.get("access-control-allow-origin"), "*");
        assert.equal(headers.get("access-control-allow-credentials"), null);
      },
    }),
  ),
  ...SITUATIONS.map(
    ({ name, ask }): Check => ({
      name: `the answer to ${name} is not for any cache`,
      section: "a client's first read is unconditional: a cached answer is taken for the session's state",
      level: "clients",
      async run(client) {
        assert.match((await ask(client)).headers.get("cache-control") ?? "", /\bno-store\b/);
      },
    }),
  ),
  {
    name: "an origin is not let in by name",
    section,
    level: "ours",
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
async function preflight(client: Client, path: string, method: string): Promise<Answer> {
  const wire = await client.dial();
  const asked = [
    `Access-Control-Request-Method: ${method}`,
    "Access-Control-Request-Headers: authorization,content-type",
  ];
  await wire.write(client.head("OPTIONS", path, `Origin: ${ORIGIN}`, ...asked));
  return wire.answer("OPTIONS");
}

function listOf({ headers }: Answer, name: string): string[] {
  return (headers.get(name) ?? "").split(",").map((item) => item.trim().toLowerCase());
}
