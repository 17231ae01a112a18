import assert from "node:assert/strict";
import { type Answer, failed, succeeded, textOf } from "../answer.ts";
import type { Check, Condition } from "../check.ts";
import { type Client, sessionOf } from "../client.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const ROUTES = [
  ["discovery", "GET", ""],
  ["creation", "POST", ""],
  ["read", "GET", "/abcdEFG12345"],
  ["write", "PUT", "/abcdEFG12345"],
  ["cancellation", "DELETE", "/abcdEFG12345"],
  ["transaction", "PUT", "/abcdEFG12345/m1"],
] as const;

const OFF = MSC4388.discover;

export const offChecks: readonly Check[] = [
  ...ROUTES.map(
    ([id, method, path]): Check => ({
      id,
      name: `${method} …/rendezvous${path} is answered 404 M_UNRECOGNIZED`,
      section: OFF,
      level: "must",
      async run(client) {
        const body = method === "GET" || method === "DELETE" ? undefined : '{"sequence_token":"1","data":""}';
        const authorizations: readonly Record<string, string>[] = [{}, { Authorization: "Bearer somebody" }];
        for (const headers of authorizations) {
          failed(await client.send(method, client.root + path, { headers, body }), 404, "M_UNRECOGNIZED");
        }
      },
    }),
  ),
  {
    id: "preflight",
    name: "a web page gets to see that: the preflight passes",
    section: "a browser hides the answer behind a preflight that fails",
    level: "clients",
    async run(client) {
      for (const [, , path] of ROUTES) {
        const { status, headers } = await client.send("OPTIONS", client.root + path);
        assert.ok(status === 200 || status === 204, `answered ${status}`);
        assert.equal(headers.get("access-control-allow-origin"), "*");
      }
    },
  },
];

const OPEN = MSC4388.create;

export const openChecks: readonly Check[] = [
  {
    id: "no-access-token",
    name: "a session can be created, and discovered to be, without an access token",
    section: OPEN,
    level: "must",
    async run(client) {
      assert.equal(succeeded(await client.send("GET", client.root))["create_available"], true);
      sessionOf(await client.send("POST", client.root, { body: '{"data":""}' }));
    },
  },
  {
    id: "ignores-access-token",
    name: "an access token is of no interest, whosever it is",
    section: MSC4388.discover,
    level: "clients",
    async run(client) {
      for (const Authorization of ["Bearer of-another-server", "Bearer ", "Basic bm86Ym9keQ=="]) {
        const headers = { Authorization };
        succeeded(await client.send("GET", client.root, { headers }));
        sessionOf(await client.send("POST", client.root, { headers, body: '{"data":""}' }));
      }
    },
  },
];

const AUTHENTICATED = MSC4388.create;

/** What discovery and creation are answered with that `Authorization`, or none. */
async function bothWith(client: Client, authorization?: string): Promise<Answer[]> {
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  return [
    await client.send("GET", client.root, { headers }),
    await client.send("POST", client.root, { headers, body: '{"data":"mine"}' }),
  ];
}

const whenForbidden: Condition = {
  needs: "an access token that policy refuses",
  isMet: ({ forbiddenToken }) => forbiddenToken !== undefined,
};

export const authenticatedChecks: readonly Check[] = [
  {
    id: "missing-refused",
    name: "nobody without an access token creates a session",
    section: AUTHENTICATED,
    level: "must",
    async run(client) {
      for (const answer of await bothWith(client)) failed(answer, [401, 403]);
    },
  },
  {
    id: "wrong-refused",
    name: "nobody with a wrong access token creates a session",
    section: AUTHENTICATED,
    level: "must",
    async run(client) {
      for (const answer of await bothWith(client, "Bearer nobody's")) failed(answer, [401, 403]);
    },
  },
  {
    id: "missing-401",
    name: "no access token is answered 401 M_MISSING_TOKEN",
    section: MATRIX.accessTokens,
    level: "should",
    async run(client) {
      for (const answer of await bothWith(client)) failed(answer, 401, "M_MISSING_TOKEN");
    },
  },
  {
    id: "wrong-401",
    name: "a wrong access token is answered 401 M_UNKNOWN_TOKEN",
    section: MATRIX.accessTokens,
    level: "should",
    async run(client) {
      for (const answer of await bothWith(client, "Bearer nobody's")) failed(answer, 401, "M_UNKNOWN_TOKEN");
    },
  },
  {
    id: "policy-403",
    name: "an access token that policy refuses is answered 403 M_FORBIDDEN",
    section: AUTHENTICATED,
    level: "must",
    when: whenForbidden,
    async run(client) {
      const authorization = `Bearer ${client.target.forbiddenToken}`;
      for (const answer of await bothWith(client, authorization)) failed(answer, 403, "M_FORBIDDEN");
    },
  },
  ...["Basic bm86Ym9keQ==", "Bearer", "Bearer ", "Token x", "x"].map(
    (authorization, index): Check => ({
      id: `no-token-${index + 1}`,
      name: `an Authorization of ${JSON.stringify(authorization)} is no access token`,
      section: "RFC 6750 section 2.1",
      level: "own",
      async run(client) {
        for (const answer of await bothWith(client, authorization)) failed(answer, 401, "M_MISSING_TOKEN");
      },
    }),
  ),
  {
    id: "whole-token",
    name: "an access token is looked for, and compared, as a whole",
    section: "RFC 6750 section 2.1",
    level: "own",
    async run(client) {
      const { accessToken = "" } = client.target;
      const wrong = [`${accessToken}x`, accessToken.slice(0, -1), `${accessToken} ${accessToken}`, `"${accessToken}"`];
      for (const token of [...wrong, `${accessToken},`, "x".repeat(5000)]) {
        for (const answer of await bothWith(client, `Bearer ${token}`)) failed(answer, 401);
      }
    },
  },
  {
    id: "scheme-case",
    name: "the scheme may be written in any case",
    section: "RFC 9110 section 11.1",
    level: "own",
    async run(client) {
      const headers = { Authorization: `bEARER ${client.target.accessToken}` };
      succeeded(await client.send("GET", client.root, { headers }));
    },
  },
  {
    id: "not-in-query",
    name: "an access token comes in a header, not in a query",
    section: MATRIX.accessTokens,
    level: "own",
    async run(client) {
      const path = `${client.root}?access_token=${encodeURIComponent(client.target.accessToken ?? "")}`;
      failed(await client.send("GET", path), 401, "M_MISSING_TOKEN");
    },
  },
  {
    id: "repeats-no-token",
    name: "no refusal repeats an access token",
    section: "what is in an error ends up in logs",
    level: "own",
    async run(client) {
      const tokens = ["who-sees-this", client.target.forbiddenToken].filter((token) => token !== undefined);
      for (const token of tokens) {
        for (const answer of await bothWith(client, `Bearer ${token}`)) {
          failed(answer, [401, 403]);
          assert.ok(!textOf(answer).includes(token));
        }
      }
    },
  },
  {
    id: "before-body",
    name: "who may not create is refused whatever the body is",
    section: AUTHENTICATED,
    level: "own",
    async run(client) {
      for (const body of ["", "{", "{}", JSON.stringify({ data: "x".repeat(4097) })]) {
        failed(await client.send("POST", client.root, { body }), 401, "M_MISSING_TOKEN");
      }
    },
  },
  {
    id: "unread",
    name: "a megabyte from who may not create is refused unread",
    section: AUTHENTICATED,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.head("POST", client.root, "Content-Length: 1000000"));
      failed(await wire.answer("POST"), [401, 413]);
    },
  },
  {
    id: "rest-needs-none",
    name: "with an access token, all but creating goes without",
    section: MSC4388.write,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "second" });
      await client.holds(session, "second", token);
      await client.cancelled(session);
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
];
