import assert from "node:assert/strict";
import { refusedByHttpLayer, wellFormed } from "../answer.ts";
import type { Check } from "../check.ts";
import { readingOf } from "../client.ts";

const section = "nothing that a client sends is a breakdown";

/** Methods that a web API may not even be able to name. */
const METHODS = ["TRACE", "BREW", "get", "PROPFIND", "M-SEARCH", "X".repeat(200)];

export const methodChecks: readonly Check[] = [
  {
    id: "asterisk",
    name: "an asterisk as the target is answered, or refused",
    section: "RFC 9112 section 3.2.4",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.head("OPTIONS", "*", "Connection: close"));
      const answer = await wire.answerOrEnd("OPTIONS");
      if (answer === undefined || answer.status >= 300) refusedByHttpLayer(answer);
    },
  },
  {
    id: "connect",
    name: "CONNECT is refused",
    section: "RFC 9110 section 9.3.6: only a proxy tunnels",
    level: "own",
    async run(client) {
      for (const target of ["other.example:443", client.root]) {
        const wire = await client.dial();
        await wire.write(client.head("CONNECT", target));
        wire.halfClose();
        refusedByHttpLayer(await wire.answerOrEnd("CONNECT"));
      }
    },
  },
  ...METHODS.map(
    (method, index): Check => ({
      id: `unknown-method-${index + 1}`,
      name: `the method ${method.slice(0, 12)} is refused`,
      section,
      level: "own",
      async run(client) {
        const session = await client.create("first");
        for (const target of [client.root, client.pathOf(session), `${client.pathOf(session)}/m1`]) {
          const wire = await client.dial();
          await wire.write(client.head(method, target));
          refusedByHttpLayer(await wire.answerOrEnd(method));
        }
        await client.holds(session, "first", session.token);
      },
    }),
  ),
  {
    id: "head",
    name: "HEAD is answered without a body, or refused, and the connection goes on",
    section: "RFC 9110 section 9.3.2",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      for (const target of [
        client.root,
        client.pathOf(session),
        `${client.root}/abcdEFG12345`,
        client.at("/nowhere"),
      ]) {
        await wire.write(client.head("HEAD", target));
        const answer = await wire.answer("HEAD");
        assert.ok([200, 401, 404, 405].includes(answer.status), `answered ${answer.status}`);
        wellFormed(answer);
      }
      await wire.write(client.head("GET", client.pathOf(session)));
      assert.equal(readingOf(await wire.answer()).data, "first");
    },
  },
  {
    id: "head-unsafe",
    name: "HEAD tells a browser no more than a refused read does",
    section: 'MSC4388 "Unsafe content"',
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("HEAD", client.pathOf(session), "Sec-Fetch-Dest: document"));
      const answer = await wire.answer("HEAD");
      assert.ok(answer.status === 403 || answer.status === 405, `answered ${answer.status}`);
    },
  },
];
