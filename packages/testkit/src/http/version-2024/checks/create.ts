import assert from "node:assert/strict";
import { failed, fieldsOf } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import { bytesOf, type Check2024, sessionOf, TEXT } from "../client.ts";

const section = MSC4108.create;

export const createChecks: readonly Check2024[] = [
  {
    id: "url",
    name: "answers 201 and the absolute URL of the session",
    section,
    level: "must",
    async run(client) {
      const answer = await client.post("");
      sessionOf(answer);
      assert.deepEqual(Object.keys(fieldsOf(answer)), ["url"]);
    },
  },
  {
    id: "stores-payload",
    name: "stores the payload",
    section,
    level: "must",
    async run(client) {
      await client.holds(await client.create("what was sent first"), "what was sent first");
    },
  },
  {
    id: "empty-payload",
    name: "accepts an empty payload",
    section,
    level: "must",
    async run(client) {
      await client.holds(await client.create(""), "");
    },
  },
  {
    id: "any-bytes",
    name: "accepts any bytes, and gives them back as they are",
    section,
    level: "must",
    async run(client) {
      const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
      for (const payload of [bytes, bytesOf("grüße, 😀\u0000\r\n\ufeff")]) {
        await client.holds(await client.create(payload), payload);
      }
    },
  },
  {
    id: "separate-sessions",
    name: "starts sessions that know nothing of each other",
    section,
    level: "must",
    async run(client) {
      const [first, second] = [await client.create("the same"), await client.create("the same")];
      assert.notEqual(first.url, second.url);
      await client.written(first, first.etag, "other");
      await client.holds(second, "the same");
    },
  },
  {
    id: "no-content-type",
    name: "without a Content-Type is answered 400 M_MISSING_PARAM",
    section,
    level: "must",
    async run(client) {
      failed(await client.post("first", {}), 400, "M_MISSING_PARAM");
    },
  },
  {
    id: "other-content-type",
    name: "with another Content-Type than text/plain is answered 400 M_INVALID_PARAM",
    section,
    level: "must",
    async run(client) {
      for (const type of ["application/json", "text/html", "text/plainer"]) {
        failed(await client.post("first", { "Content-Type": type }), 400, "M_INVALID_PARAM");
      }
    },
  },
  {
    id: "type-with-charset",
    name: "accepts text/plain with a charset",
    section: "web pages that send text say a charset with it",
    level: "own",
    async run(client) {
      const type = "text/plain;charset=UTF-8";
      await client.holds(sessionOf(await client.post("first", { "Content-Type": type })), "first");
    },
  },
  {
    id: "ignores-access-token",
    name: "pays no heed to a wrong authorisation",
    section: "clients may send the access token of another server",
    level: "clients",
    async run(client) {
      sessionOf(await client.post("first", { ...TEXT, Authorization: "Bearer nobody" }));
    },
  },
];
