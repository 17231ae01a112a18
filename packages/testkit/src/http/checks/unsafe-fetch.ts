import assert from "node:assert/strict";
import { type Answer, failed, stringOf, succeeded, textOf } from "../answer.ts";
import type { Check, Level } from "../check.ts";
import type { Client, Session } from "../client.ts";

const section = 'MSC4388 "Unsafe content": reads that a browser would show to a person';

const PAYLOAD = "<script>only-for-clients</script>";

interface Case {
  readonly lines: readonly string[];
  readonly level: Level;
}

const REFUSED: readonly Case[] = [
  ...["document", "iframe", "frame", "embed", "object", "image", "video", "script", "style", "worker"].map(
    (destination): Case => ({ lines: [`Sec-Fetch-Dest: ${destination}`], level: "should" }),
  ),
  { lines: ["Sec-Fetch-Mode: navigate"], level: "should" },
  { lines: ["Sec-Fetch-User: ?1"], level: "should" },
  { lines: ["Sec-Fetch-Site: none"], level: "should" },
  // One sign of danger is enough, whatever the others say.
  { lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: same-origin"], level: "should" },
  { lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: none"], level: "should" },
  { lines: ["sec-fetch-dest: document"], level: "should" },
  // Anything that is there and is not `empty`.
  { lines: ["Sec-Fetch-Dest: unheard-of"], level: "ours" },
  { lines: ["Sec-Fetch-Dest:"], level: "ours" },
  { lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Dest: document"], level: "ours" },
];

const ANSWERED: readonly Case[] = [
  { lines: [], level: "must" },
  { lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: cross-site"], level: "clients" },
  { lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-site"], level: "clients" },
  { lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: same-origin", "Sec-Fetch-Site: same-origin"], level: "clients" },
  // What a runtime that is no browser sends with `fetch`.
  { lines: ["Sec-Fetch-Mode: cors"], level: "clients" },
  { lines: ["Sec-Fetch-Mode: no-cors"], level: "clients" },
  { lines: ["Sec-Fetch-User: ?0"], level: "ours" },
];

export const unsafeFetchChecks: readonly Check[] = [
  ...REFUSED.map(
    ({ lines, level }): Check => ({
      name: `a read with ${lines.join(", ")} is answered 403 M_FORBIDDEN, without the payload`,
      section,
      level,
      async run(client) {
        const session = await client.create(PAYLOAD);
        const answer = await readWith(client, session, lines);
        failed(answer, 403, "M_FORBIDDEN");
        assert.ok(!textOf(answer).includes("only-for-clients"), "the payload is in the refusal");
      },
    }),
  ),
  ...ANSWERED.map(
    ({ lines, level }): Check => ({
      name: `a read with ${lines.join(", ") || "no such header"} is answered`,
      section,
      level,
      async run(client) {
        const answer = await readWith(client, await client.create(PAYLOAD), lines);
        assert.equal(stringOf(succeeded(answer), "data"), PAYLOAD);
      },
    }),
  ),
  {
    name: "a refused read changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create(PAYLOAD);
      await readWith(client, session, ["Sec-Fetch-Dest: document"]);
      await client.holds(session, PAYLOAD, session.token);
    },
  },
  {
    name: "nothing but a read is refused",
    section,
    level: "ours",
    async run(client) {
      const lines = ["Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none"];
      const wire = await client.dial();
      await wire.write(client.head("GET", client.root, ...client.authorizationLines, ...lines));
      succeeded(await wire.answer());
      const session = await client.create();
      const body = JSON.stringify({ sequence_token: session.token, data: "written" });
      await wire.write(client.head("PUT", client.pathOf(session), `Content-Length: ${body.length}`, ...lines) + body);
      succeeded(await wire.answer());
      await wire.write(client.head("DELETE", client.pathOf(session), ...lines));
      succeeded(await wire.answer());
    },
  },
];

/** `fetch` sets these headers itself, so it can't be asked to. */
async function readWith(client: Client, session: Session, lines: readonly string[]): Promise<Answer> {
  const wire = await client.dial();
  await wire.write(client.head("GET", client.pathOf(session), ...lines));
  return wire.answer();
}
