import assert from "node:assert/strict";
import { type Answer, failed, stringOf, succeeded, textOf } from "../answer.ts";
import type { Check, Level } from "../check.ts";
import type { Client, Session } from "../client.ts";
import { MSC4388 } from "../sections.ts";

const section = MSC4388.unsafeContent;

const PAYLOAD = "<script>only-for-clients</script>";

interface Case {
  readonly id: string;
  readonly lines: readonly string[];
  readonly level: Level;
}

const DESTINATIONS = ["document", "iframe", "frame", "embed", "object", "image", "video", "script", "style", "worker"];

const REFUSED: readonly Case[] = [
  {
    id: "navigation",
    lines: ["Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none", "Sec-Fetch-User: ?1"],
    level: "should",
  },
  {
    id: "followed-link",
    lines: ["Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: cross-site"],
    level: "should",
  },
  // Which headers a server goes by is its own to choose, the MSC says: what follows is how ours does.
  ...DESTINATIONS.map((to): Case => ({ id: `to-${to}`, lines: [`Sec-Fetch-Dest: ${to}`], level: "own" })),
  { id: "mode-navigate", lines: ["Sec-Fetch-Mode: navigate"], level: "own" },
  { id: "by-user", lines: ["Sec-Fetch-User: ?1"], level: "own" },
  { id: "site-none", lines: ["Sec-Fetch-Site: none"], level: "own" },
  // One sign of danger is enough, whatever the others say.
  {
    id: "empty-navigate",
    lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: same-origin"],
    level: "own",
  },
  {
    id: "empty-site-none",
    lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: none"],
    level: "own",
  },
  { id: "lower-case", lines: ["sec-fetch-dest: document"], level: "own" },
  // Anything that is there and is not `empty`.
  { id: "to-unheard-of", lines: ["Sec-Fetch-Dest: unheard-of"], level: "own" },
  { id: "to-nothing", lines: ["Sec-Fetch-Dest:"], level: "own" },
  { id: "to-empty-and-document", lines: ["Sec-Fetch-Dest: empty", "Sec-Fetch-Dest: document"], level: "own" },
];

const fetched = (mode: string, site: string): readonly string[] => [
  "Sec-Fetch-Dest: empty",
  `Sec-Fetch-Mode: ${mode}`,
  `Sec-Fetch-Site: ${site}`,
];

const ANSWERED: readonly Case[] = [
  { id: "no-header", lines: [], level: "must" },
  { id: "cross-site", lines: fetched("cors", "cross-site"), level: "clients" },
  { id: "same-site", lines: fetched("cors", "same-site"), level: "clients" },
  { id: "same-origin", lines: fetched("same-origin", "same-origin"), level: "clients" },
  // What a runtime that is no browser sends with `fetch`.
  { id: "mode-cors", lines: ["Sec-Fetch-Mode: cors"], level: "clients" },
  { id: "mode-no-cors", lines: ["Sec-Fetch-Mode: no-cors"], level: "clients" },
  { id: "not-by-user", lines: ["Sec-Fetch-User: ?0"], level: "own" },
];

export const unsafeFetchChecks: readonly Check[] = [
  ...REFUSED.map(
    ({ id, lines, level }): Check => ({
      id,
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
    ({ id, lines, level }): Check => ({
      id,
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
    id: "changes-nothing",
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
    id: "only-reads",
    name: "nothing but a read is refused",
    section,
    level: "own",
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
function readWith(client: Client, session: Session, lines: readonly string[]): Promise<Answer> {
  return client.ask("GET", client.head("GET", client.pathOf(session), ...lines));
}
