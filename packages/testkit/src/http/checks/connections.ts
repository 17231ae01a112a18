import assert from "node:assert/strict";
import { failed, stringOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { readingOf, sessionOf } from "../client.ts";

const section = 'RFC 9112 section 9 "Connection Management"';

/** How many clients go away at once. */
const CROWD = 20;

export const connectionChecks: readonly Check[] = [
  {
    id: "kept-alive",
    name: "one connection serves one request after the other",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(`${client.createHead("Content-Length: 11")}{"data":""}`);
      const session = sessionOf(await wire.answer("POST"));
      let { token } = session;
      for (let turn = 0; turn < 10; turn += 1) {
        const body = JSON.stringify({ sequence_token: token, data: String(turn) });
        await wire.write(client.head("PUT", client.pathOf(session), `Content-Length: ${body.length}`) + body);
        token = stringOf(succeeded(await wire.answer("PUT")), "sequence_token");
        await wire.write(client.head("GET", client.pathOf(session)));
        assert.equal(readingOf(await wire.answer()).data, String(turn));
      }
    },
  },
  {
    id: "after-error",
    name: "an error leaves the connection as good as it was",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      const read = client.head("GET", client.pathOf(session));
      for (const wrong of [
        client.head("GET", `${client.root}/abcdEFG12345`),
        client.head("GET", `${client.root}/a/b/c`),
        `${client.createHead("Content-Length: 1")}{`,
        `${client.head("PUT", client.pathOf(session), "Content-Length: 2")}{}`,
        client.head("DELETE", client.root),
      ]) {
        await wire.write(wrong);
        failed(await wire.answer(), [400, 404, 405]);
        await wire.write(read);
        assert.equal(readingOf(await wire.answer()).data, "first");
      }
    },
  },
  {
    id: "pipelined",
    name: "requests sent all at once are answered in their order",
    section: `${section}: pipelining`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      const read = client.head("GET", client.pathOf(session));
      await wire.write(
        [
          read,
          client.head("GET", `${client.root}/abcdEFG12345`),
          `${client.createHead("Content-Length: 15")}{"data":"other"`,
          read,
          client.head("HEAD", client.pathOf(session)),
          `${client.createHead("Content-Length: 11")}{"data":""}`,
          client.head("GET", `${client.root}/a/b/c`),
          read,
        ].join(""),
      );
      assert.equal(readingOf(await wire.answer()).data, "first");
      failed(await wire.answer(), 404, "M_NOT_FOUND");
      failed(await wire.answer(), 400, "M_NOT_JSON");
      assert.equal(readingOf(await wire.answer()).data, "first");
      assert.ok([200, 405].includes((await wire.answer("HEAD")).status));
      sessionOf(await wire.answer());
      failed(await wire.answer(), 404, "M_UNRECOGNIZED");
      assert.equal(readingOf(await wire.answer()).data, "first");
    },
  },
  {
    id: "pipelined-many",
    name: "many requests sent all at once are all answered",
    section: `${section}: pipelining`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(session)).repeat(200));
      for (let count = 0; count < 200; count += 1) assert.equal(readingOf(await wire.answer()).data, "first");
    },
  },
  {
    id: "cut-anywhere",
    name: "requests cut anywhere between two packets are read",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = '{"data":"é"}';
      const bytes = new TextEncoder().encode(
        client.createHead(`Content-Length: ${body.length + 1}`) + body + client.head("GET", client.pathOf(session)),
      );
      for (let cut = 1; cut < bytes.length; cut += 17) {
        const wire = await client.dial();
        await wire.write(bytes.subarray(0, cut));
        await new Promise((resolve) => setImmediate(resolve));
        await wire.write(bytes.subarray(cut));
        const created = await wire.answer("POST");
        await client.cancelled(sessionOf(created));
        // A server may end the connection after any answer, if it says so in that answer.
        if (created.headers.get("connection")?.toLowerCase() === "close") await wire.end();
        else assert.equal(readingOf(await wire.answer()).data, "first");
      }
    },
  },
  {
    id: "half-closed",
    name: "a client that has said all it will say is answered, or hung up on",
    section: `${section}: a half-closed connection`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(session)));
      wire.halfClose();
      const answer = await wire.answerOrEnd();
      if (answer !== undefined) assert.equal(readingOf(answer).data, "first");
      await wire.end();
    },
  },
  {
    id: "silent",
    name: "a client that says nothing and goes is no trouble",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      wire.halfClose();
      await wire.end();
    },
  },
  {
    id: "gone-mid-request",
    name: "clients that go away in the middle of what they say are no trouble",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = JSON.stringify({ sequence_token: session.token, data: "second" });
      const whole = client.head("PUT", client.pathOf(session), `Content-Length: ${body.length}`) + body;
      for (let count = 0; count < CROWD; count += 1) {
        const wire = await client.dial();
        await wire.write(whole.slice(0, Math.floor((whole.length * count) / CROWD)));
        wire.destroy();
      }
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "gone-unanswered",
    name: "clients that go away before they are answered are no trouble",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      for (let count = 0; count < CROWD; count += 1) {
        const wire = await client.dial();
        await wire.write(client.head("GET", client.pathOf(session)).repeat(10));
        wire.destroy();
      }
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "idle",
    name: "connections that say nothing keep nobody else out",
    section,
    level: "own",
    async run(client) {
      const idle = await Promise.all(Array.from({ length: 100 }, () => client.dial()));
      await Promise.all(idle.map((wire, index) => wire.write(index % 2 === 0 ? "" : "GET / HT")));
      const session = await client.create("first");
      await client.holds(session, "first", session.token);
    },
  },
];
