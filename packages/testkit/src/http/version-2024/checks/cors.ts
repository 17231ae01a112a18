import assert from "node:assert/strict";
import type { Answer } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import { type Check2024, type Client2024, unknownOf } from "../client.ts";

const section = MSC4108.cors;

interface Situation {
  readonly id: string;
  readonly name: string;
  readonly ask: (client: Client2024) => Promise<Answer>;
}

/** One of each kind of answer. */
const SITUATIONS: readonly Situation[] = [
  { id: "creation", name: "a creation", ask: (client) => client.post("first") },
  { id: "read", name: "a read", ask: async (client) => client.read(await client.create()) },
  {
    id: "not-modified",
    name: "a read of what has not changed",
    async ask(client) {
      const session = await client.create();
      return client.read(session, { "If-None-Match": session.etag });
    },
  },
  {
    id: "write",
    name: "a write",
    async ask(client) {
      const session = await client.create();
      return client.write(session, session.etag, "second");
    },
  },
  {
    id: "conflict",
    name: "a concurrent write",
    ask: async (client) => client.write(await client.create(), '"never-given"', "second"),
  },
  {
    id: "unknown-session",
    name: "a session that never was",
    ask: async (client) => client.read(unknownOf(await client.create())),
  },
  { id: "cancellation", name: "a cancellation", ask: async (client) => client.cancel(await client.create()) },
];

/** The answers of which clients look at the ETag. */
const WITH_ETAG = ["creation", "read", "not-modified", "write", "conflict"];

export const corsChecks: readonly Check2024[] = [
  {
    id: "preflight-creation",
    name: "the preflight of a creation lets a web page send text",
    section,
    level: "should",
    async run(client) {
      await allows(client, client.createUrl, ["POST"], ["content-type"]);
    },
  },
  {
    id: "preflight-session",
    name: "the preflight of a session lets a web page read, write and cancel",
    section,
    level: "should",
    async run(client) {
      const { url } = await client.create();
      await allows(client, url, ["GET", "PUT", "DELETE"], ["if-match", "if-none-match"]);
    },
  },
  ...SITUATIONS.map(
    ({ id, name, ask }): Check2024 => ({
      id: `visible-${id}`,
      name: `the answer to ${name} may be seen by any web page`,
      section,
      level: "should",
      async run(client) {
        const origin = (await ask(client)).headers.get("access-control-allow-origin");
        assert.ok(origin === "*", `Access-Control-Allow-Origin is ${origin}`);
      },
    }),
  ),
  ...SITUATIONS.filter(({ id }) => WITH_ETAG.includes(id)).map(
    ({ id, name, ask }): Check2024 => ({
      id: `etag-${id}`,
      name: `the answer to ${name} lets web pages see the ETag`,
      section,
      level: "should",
      async run(client) {
        const exposed = listOf(await ask(client), "access-control-expose-headers");
        assert.ok(exposed.includes("etag"), `exposes ${exposed.join(", ") || "nothing"}`);
      },
    }),
  ),
];

/** What a browser asks before it sends; nothing of it is specific to where the page is from. */
async function allows(
  client: Client2024,
  url: string,
  methods: readonly string[],
  headers: readonly string[],
): Promise<void> {
  const answer = await client.send("OPTIONS", url);
  assert.ok(answer.status === 200 || answer.status === 204, `OPTIONS was answered ${answer.status}`);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*", "Access-Control-Allow-Origin");
  const allowed = listOf(answer, "access-control-allow-methods");
  // POST and GET are let through without being named (Fetch standard, "CORS-safelisted method").
  for (const method of methods.filter((one) => one === "PUT" || one === "DELETE")) {
    assert.ok(allowed.includes(method.toLowerCase()), `allows only ${allowed.join(", ") || "what needs no leave"}`);
  }
  for (const header of headers) {
    assert.ok(listOf(answer, "access-control-allow-headers").includes(header), `does not allow ${header}`);
  }
}

function listOf({ headers }: Answer, name: string): string[] {
  return (headers.get(name) ?? "").split(",").flatMap((item) => item.trim().toLowerCase() || []);
}
