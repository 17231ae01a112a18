import assert from "node:assert/strict";
import type { Answer } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import type { Check2024, Client2024 } from "../client.ts";

const section = MSC4108.headers;

/** The longest time that a timer of JavaScript can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One answer of each kind that says something about a session; what is answered otherwise, other checks are about. */
async function answers(client: Client2024): Promise<readonly Answer[]> {
  const created = await client.post("first");
  const session = await client.create("first");
  const all = [
    created,
    await client.read(session),
    await client.read(session, { "If-None-Match": session.etag }),
    await client.write(session, session.etag, "second"),
    await client.write(session, session.etag, "third"),
  ];
  return all.filter(({ status }, kind) => status === [201, 200, 304, 202, 412][kind]);
}

/** Holds the header on all of them to be so; `undefined` where there is none. */
async function onEach(client: Client2024, name: string, isRight: (value?: string) => boolean): Promise<void> {
  const wrong = (await answers(client)).flatMap(({ status, headers }) => {
    const value = headers.get(name) ?? undefined;
    return isRight(value) ? [] : [`a ${status} has ${value?.slice(0, 60) ?? "none"}`];
  });
  assert.ok(wrong.length === 0, `${name}: ${wrong.join("; ")}`);
}

const isDate = (value = ""): boolean => Number.isFinite(Date.parse(value));

export const headerChecks: readonly Check2024[] = [
  {
    id: "etag",
    name: "each 201, 200, 304, 202 and 412 has an ETag",
    section,
    level: "must",
    run: (client) => onEach(client, "ETag", (value = "") => value !== ""),
  },
  {
    id: "etag-quoted",
    name: "the ETag is a strong one in quotes",
    section: MSC4108.send,
    level: "must",
    run: (client) => onEach(client, "ETag", (value = '"-"') => /^"[\x21\x23-\x7e]+"$/.test(value)),
  },
  {
    id: "expires",
    name: "each 201, 200, 304, 202 and 412 says when the session expires",
    section,
    level: "must",
    run: (client) => onEach(client, "Expires", isDate),
  },
  {
    id: "expires-ahead",
    name: "Expires is ahead, and near enough for a timer",
    section: "matrix-js-sdk cancels at once where Expires is past, or more than 24 days ahead",
    level: "clients",
    run: (client) =>
      onEach(client, "Expires", (value) => {
        if (value === undefined) return true;
        const leftMs = Date.parse(value) - Date.now();
        return leftMs > 0 && leftMs <= LONGEST_TIMER_MS;
      }),
  },
  {
    id: "last-modified",
    name: "each 201, 200, 304, 202 and 412 says when the payload was modified",
    section,
    level: "must",
    run: (client) => onEach(client, "Last-Modified", isDate),
  },
  {
    id: "cache-control",
    name: "no 201, 200, 304, 202 or 412 is for any cache",
    section,
    level: "must",
    run: (client) => onEach(client, "Cache-Control", (value = "") => /\bno-store\b/i.test(value)),
  },
  {
    id: "pragma",
    name: "each 201, 200, 304, 202 and 412 has Pragma: no-cache",
    section,
    level: "must",
    run: (client) => onEach(client, "Pragma", (value = "") => /\bno-cache\b/i.test(value)),
  },
  {
    id: "no-transform",
    name: "no 201, 200, 304, 202 or 412 is to be changed on the way",
    section: "proxies that compress change ETags",
    level: "own",
    run: (client) => onEach(client, "Cache-Control", (value = "") => /\bno-transform\b/i.test(value)),
  },
  {
    id: "typed-202",
    name: "a 202 has a Content-Type, though it has no body",
    section: "Cloudflare takes the ETag off an answer without one",
    level: "clients",
    async run(client) {
      const session = await client.create("first");
      const { headers } = await client.write(session, session.etag, "second");
      assert.notEqual(headers.get("content-type"), null, "a 202 has no Content-Type");
    },
  },
];
