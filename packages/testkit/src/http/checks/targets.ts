import assert from "node:assert/strict";
import { type Answer, failed, refusedByHttpLayer, wellFormed } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Client, readingOf } from "../client.ts";

const section = "nothing that a client sends is a breakdown";

/** Targets that are no route; `R` stands for the route of creation, `M` for what comes before `/_matrix`. */
const NO_ROUTES = [
  "//",
  "///",
  "//_matrix/client",
  "M//_matrix/client/unstable/io.element.msc4388/rendezvous",
  "M/_matrix//client/unstable/io.element.msc4388/rendezvous",
  "R//",
  "R//abcdEFG12345",
  "R/abcdEFG12345//m1",
  "R/abcdEFG12345/m1/",
  "R;x=1",
  "//user:pass@host:99999/R",
  "/\\host",
  "/:",
  "/?",
  "/*",
  "/[",
];

/** IDs that no session has; how they are written must not matter. */
const NO_IDS = [
  "%",
  "%z",
  "%zz",
  "%00",
  "%0a",
  "%20",
  "%2F",
  "%2e%2e%2f",
  "%2e%2e",
  "%c3%28",
  "%e0%a4",
  "%ff",
  "%ed%a0%80",
  "%F0%9F%98%80",
  "%25",
  "%u0041",
  "+",
  "*",
  "a:b",
  "a@b",
  "a=b&c",
  "'or'1'='1",
  "$x",
  "{id}",
  ":id",
  "x".repeat(256),
  "x".repeat(2000),
];

export const targetChecks: readonly Check[] = [
  ...NO_ROUTES.map(
    (target, index): Check => ({
      id: `no-route-${index + 1}`,
      name: `the target ${target} is answered 404 M_UNRECOGNIZED`,
      section,
      level: "own",
      async run(client) {
        const path = target.replace("R", client.root).replace("M", client.at(""));
        application(await ask(client, "GET", path), (answer) =>
          failed(answer, [400, 404], "M_UNRECOGNIZED", "M_NOT_FOUND"),
        );
      },
    }),
  ),
  ...NO_IDS.map(
    (id, index): Check => ({
      id: `no-id-${index + 1}`,
      name: `the ID ${id.slice(0, 20)}${id.length > 20 ? `… of ${id.length} characters` : ""} is not found`,
      section,
      level: "own",
      async run(client) {
        for (const method of ["GET", "DELETE"]) {
          const answer = await ask(client, method, `${client.root}/${id}`);
          application(answer, (it) => failed(it, [400, 404]));
        }
      },
    }),
  ),
  {
    id: "percent-encoded",
    name: "an ID that is percent-encoded for no reason is the same ID",
    section: "RFC 3986 section 6.2.2.2",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const encoded = Array.from(session.id, (character) => `%${character.charCodeAt(0).toString(16)}`).join("");
      assert.equal(readingOf(await ask(client, "GET", `${client.root}/${encoded}`)).data, "first");
    },
  },
  {
    id: "encoded-slash",
    name: "a slash that is percent-encoded is no slash",
    section: "RFC 3986 section 2.2",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      for (const target of [`${client.root}%2F${session.id}`, `${client.pathOf(session)}%2Fm1`]) {
        failed(await ask(client, "GET", target), [400, 404]);
      }
    },
  },
  {
    id: "absolute-form",
    name: "the whole URL as the target is what a proxy sends",
    section: "RFC 9112 section 3.2.2: absolute-form must be accepted",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const answer = await ask(client, "GET", new URL(client.base).origin + client.pathOf(session));
      assert.equal(readingOf(answer).data, "first");
    },
  },
  ...["http://other.example", "https://user:pass@other.example:1", "ftp://other.example", "http://[", "urn:x"].map(
    (origin, index): Check => ({
      id: `foreign-origin-${index + 1}`,
      name: `the target ${origin}… is answered, or refused`,
      section,
      level: "own",
      async run(client) {
        const session = await client.create("first");
        const answer = await ask(client, "GET", origin + client.pathOf(session));
        if (answer?.status === 200) assert.equal(readingOf(answer).data, "first");
        else refusedByHttpLayer(answer);
      },
    }),
  ),
  {
    id: "dots",
    name: "dots in a path lead where they lead, or nowhere",
    section: "RFC 3986 section 5.2.4",
    level: "own",
    async run(client) {
      for (const target of ["/..", "/../..", `${client.root}/..`, `${client.root}/./a/../b`, `/a/..${client.root}`]) {
        const answer = await ask(client, "GET", target);
        if (answer.status !== 200) failed(answer, [400, 401, 404]);
      }
    },
  },
  {
    id: "fragment",
    name: "a fragment or bytes that are no ASCII in a target are refused, or not found",
    section,
    level: "own",
    async run(client) {
      for (const target of [`${client.root}#x`, `${client.root}/ü`, `${client.root}/\u0001`, `${client.root}/"<>^\``]) {
        const wire = await client.dial();
        await wire.write(client.head("GET", target));
        wire.halfClose();
        const answer = await wire.answerOrEnd();
        if (answer?.status !== 200) refusedByHttpLayer(answer);
      }
    },
  },
  {
    id: "proxy-headers",
    name: "what a proxy adds about the original request changes nothing",
    section: "only the path and the method say what is asked for",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      const lines = [
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /",
        "X-Rewrite-URL: /",
        "X-Forwarded-Host: [",
        "X-Forwarded-Proto: ://",
        "X-Forwarded-For: not, an, address, 999.999.999.999, ::::",
        'Forwarded: for="[',
      ];
      for (let count = 0; count < 2; count += 1) {
        await wire.write(client.head("GET", client.pathOf(session), ...lines));
        assert.equal(readingOf(await wire.answer()).data, "first");
      }
      await client.cancelled(session);
    },
  },
];

async function ask(client: Client, method: string, target: string): Promise<Answer> {
  const wire = await client.dial();
  await wire.write(client.head(method, target));
  return wire.answer(method);
}

/** A well-formed target is the application's to answer, unless the HTTP layer has a rule of its own against it. */
function application(answer: Answer, expected: (answer: Answer) => void): void {
  if (answer.status === 400 && answer.body.length === 0) {
    refusedByHttpLayer(answer);
  } else {
    wellFormed(answer);
    expected(answer);
  }
}
