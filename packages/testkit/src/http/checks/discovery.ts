import assert from "node:assert/strict";
import { succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { MSC4388 } from "../sections.ts";

const section = MSC4388.discover;

export const discoveryChecks: readonly Check[] = [
  {
    id: "members",
    name: "answers 200 and whether a session can be created",
    section,
    level: "must",
    async run(client) {
      assert.equal(typeof succeeded(await client.discover())["create_available"], "boolean");
    },
  },
  {
    id: "create-available",
    name: "says that a session can be created to whoever can create one",
    section,
    level: "must",
    async run(client) {
      await client.create();
      assert.equal(succeeded(await client.discover())["create_available"], true);
    },
  },
  {
    id: "creates-nothing",
    name: "creates nothing",
    section,
    level: "own",
    async run(client) {
      const fields = succeeded(await client.discover());
      assert.equal(fields["id"], undefined);
      assert.equal(fields["sequence_token"], undefined);
    },
  },
  {
    id: "query-string",
    name: "pays no heed to a query string",
    section: "a query parameter that a server does not know is ignored",
    level: "clients",
    async run(client) {
      succeeded(await client.send("GET", `${client.root}?unknown=1&unknown=2`, { headers: client.authorization }));
    },
  },
];
