import assert from "node:assert/strict";
import { failed, stringOf, succeeded, textOf } from "../answer.ts";
import type { Check } from "../check.ts";
import { MSC4388, UNKNOWN_ENDPOINTS } from "../sections.ts";

const section = UNKNOWN_ENDPOINTS;

const PAYLOAD = "only-who-knows-the-ID-may-see-this";

/** Methods that a known path has no use for. */
const WRONG_METHODS = [
  { route: "root", path: "", methods: ["PUT", "DELETE", "PATCH"] },
  { route: "session", path: "/abcdEFG12345", methods: ["POST", "PATCH"] },
  { route: "transaction", path: "/abcdEFG12345/m1", methods: ["GET", "POST", "DELETE", "PATCH"] },
] as const;

const NO_ROUTES = [
  { id: "path-below", suffix: "/a/b/c" },
  { id: "path-beside", suffix: "x" },
  { id: "path-far-below", suffix: "/a/b/c/d/e/f" },
] as const;

export const errorChecks: readonly Check[] = [
  ...WRONG_METHODS.flatMap(({ route, path, methods }) =>
    methods.map(
      (method): Check => ({
        id: `${method.toLowerCase()}-${route}`,
        name: `${method} …/rendezvous${path} is answered 405 M_UNRECOGNIZED`,
        section,
        level: path.includes("/m1") ? "own" : "must",
        async run(client) {
          failed(await client.send(method, client.root + path), 405, "M_UNRECOGNIZED");
        },
      }),
    ),
  ),
  {
    id: "wrong-method-changes-nothing",
    name: "a wrong method changes nothing, whatever its body",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const body = JSON.stringify({ sequence_token: session.token, data: "second" });
      for (const method of ["POST", "PATCH"]) {
        failed(await client.send(method, client.pathOf(session), { body }), 405, "M_UNRECOGNIZED");
      }
      await client.holds(session, "first", session.token);
    },
  },
  ...NO_ROUTES.map(
    ({ id, suffix }): Check => ({
      id,
      name: `…/rendezvous${suffix}, which is no route, is answered 404 M_UNRECOGNIZED`,
      section,
      level: "must",
      async run(client) {
        for (const method of ["GET", "POST", "PUT", "DELETE"]) {
          failed(await client.send(method, client.root + suffix), 404, "M_UNRECOGNIZED");
        }
      },
    }),
  ),
  ...["/", "/_matrix", "/_matrix/client/unstable/io.element.msc4388", "/favicon.ico", "/%2e%2e/etc/passwd"].map(
    (path, index): Check => ({
      id: `nothing-else-${index + 1}`,
      name: `${path}, which is no route, is answered 404 M_UNRECOGNIZED`,
      section: "a rendezvous server serves nothing else",
      level: "own",
      async run(client) {
        failed(await client.send("GET", client.at(path)), 404, "M_UNRECOGNIZED");
      },
    }),
  ),
  {
    id: "trailing-slash",
    name: "a trailing slash makes another path, which is no route",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = JSON.stringify({ sequence_token: session.token, data: "second" });
      const { authorization: headers } = client;
      failed(await client.send("GET", `${client.root}/`, { headers }), 404, "M_UNRECOGNIZED");
      failed(await client.send("POST", `${client.root}/`, { headers, body: '{"data":""}' }), 404, "M_UNRECOGNIZED");
      failed(await client.send("GET", `${client.pathOf(session)}/`), 404, "M_UNRECOGNIZED");
      failed(await client.send("PUT", `${client.pathOf(session)}/`, { body }), 404, "M_UNRECOGNIZED");
      failed(await client.send("DELETE", `${client.pathOf(session)}/`), 404, "M_UNRECOGNIZED");
      failed(await client.send("PUT", `${client.pathOf(session)}/m1/`, { body }), 404, "M_UNRECOGNIZED");
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "repeats-no-secret",
    name: "no error repeats an ID, a payload, a token or a transaction ID",
    section: "what is in an error ends up in logs",
    level: "own",
    async run(client) {
      const session = await client.create(PAYLOAD);
      const path = client.pathOf(session);
      const body = JSON.stringify({ sequence_token: "stale-token", data: `${PAYLOAD} again` });
      const tooLarge = JSON.stringify({ sequence_token: session.token, data: PAYLOAD.repeat(200) });
      const answers = [
        await client.send("PUT", path, { body }),
        await client.send("PUT", `${path}/transaction-id`, { body }),
        await client.send("PUT", path, { body: tooLarge }),
        await client.send("PUT", path, { body: body.slice(0, -1) }),
        await client.send("PUT", path, { body: JSON.stringify({ [PAYLOAD]: PAYLOAD }) }),
        await client.send("POST", path, { body }),
        await client.send("GET", `${path}/a/b`),
        await client.read({ id: session.id.slice(0, -1) }),
        await client.send("PATCH", `${path}/transaction-id`, { body }),
      ];
      for (const answer of answers) {
        failed(answer, answer.status);
        const text = textOf(answer);
        const secrets = {
          "an ID": session.id.slice(0, -1),
          "a payload": PAYLOAD,
          "a token": session.token,
          "a stale token": "stale-token",
          "a transaction ID": "transaction-id",
        };
        for (const [name, secret] of Object.entries(secrets)) {
          assert.ok(!text.includes(secret), `${name} is in a ${answer.status}`);
        }
      }
    },
  },
  {
    id: "stable-off",
    name: "the stable mount is not there unless it is switched on",
    section: MSC4388.unstablePrefix,
    level: "own",
    when: {
      needs: "to know that the stable path is not switched on",
      isMet: ({ prefixes = [], courtesy }) => courtesy === undefined && !prefixes.includes("stable"),
    },
    async run(client) {
      const path = client.rootOf("stable");
      const { authorization: headers } = client;
      failed(await client.send("GET", path, { headers }), 404, "M_UNRECOGNIZED");
      failed(await client.send("POST", path, { headers, body: '{"data":""}' }), 404, "M_UNRECOGNIZED");
    },
  },
  {
    id: "both-mounts",
    name: "both mounts serve one and the same session",
    section: MSC4388.unstablePrefix,
    level: "own",
    when: { needs: "both paths to be served", isMet: ({ prefixes = [] }) => prefixes.length > 1 },
    async run(client) {
      const { id, token } = await client.create("one session");
      for (const prefix of ["unstable", "stable"] as const) {
        const answer = await client.send("GET", `${client.rootOf(prefix)}/${id}`);
        assert.equal(stringOf(succeeded(answer), "sequence_token"), token);
      }
    },
  },
];
