import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { startServer } from "../../apps/server/test/server-process.ts";
import { inBrowser } from "../src/browser.ts";
import { documentedYaml } from "../src/documentation.ts";
import { exchange2024 } from "../src/exchange-2024.ts";
import { CREATE_2024 } from "../src/paths.ts";
import { startSynapse, withAuthenticationService } from "../src/synapse.ts";

const server = await startServer("bun", ["--store", "memory:"]);
const yaml = documentedYaml("synapse.md").replace("https://rendezvous.example.org", server.url);
const synapse = await startSynapse({ settings: withAuthenticationService({}), yaml });

afterAll(async () => {
  await synapse.stop();
  await server.stop();
});

test("Synapse answers a creation with 307 and this server's address", async () => {
  const answer = await fetch(synapse.url + CREATE_2024, { method: "POST", redirect: "manual" });
  assert.equal(answer.status, 307);
  assert.equal(answer.headers.get("Location"), server.url + CREATE_2024);
});

test("Synapse tells clients that it has the feature", async () => {
  const versions = await synapse.ask("GET", "/_matrix/client/versions");
  assert.equal(Object(versions["unstable_features"])["org.matrix.msc4108"], true);
});

test("a creation sent to Synapse arrives with its body", async () => {
  const created = await fetch(synapse.url + CREATE_2024, {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: "a first payload",
  });
  assert.equal(created.status, 201);
  const { url } = (await created.json()) as { url: string };
  assert.ok(url.startsWith(`${server.url}/`), "the session is at this server");
  assert.equal(await (await fetch(url)).text(), "a first payload");
});

test("matrix-js-sdk: a whole exchange", async () => {
  const url = await exchange2024({ homeserver: synapse.url });
  assert.ok(url.startsWith(`${server.url}/`));
});

test("a web page of another origin may do it all, in a browser", async () => {
  const seen = await inBrowser(PAGE.replaceAll("CREATE", synapse.url + CREATE_2024));
  assert.deepEqual(seen, {
    created: { status: 201, etag: true },
    // Not a simple request (Fetch standard): Synapse is asked first, and after the redirect this server is, too.
    preflighted: { status: 400, errcode: "M_INVALID_PARAM" },
    read: { status: 200, type: "text/plain", text: "from a page", etag: true },
    unchanged: { status: 304, etag: true },
    written: { status: 202, etag: true },
    // Without If-None-Match, as the first poll of a device is: no-store keeps the browser from answering it itself.
    readAgain: "the winner's",
    lost: { status: 412, errcode: "M_UNKNOWN", etag: true },
    cancelled: { status: 204 },
    gone: { status: 404, errcode: "M_NOT_FOUND" },
  });
});

/** Runs in the page; gives what it could see of each answer. */
const PAGE = `
  const text = { "Content-Type": "text/plain" };
  const send = (url, method, headers, body) => fetch(url, { method, headers, body });
  const error = async (answer) => ({ status: answer.status, errcode: (await answer.json()).errcode });
  const tagged = (answer) => ({ status: answer.status, etag: /^"[\\w-]+"$/.test(answer.headers.get("ETag")) });
  const seen = {};

  const creation = await send("CREATE", "POST", text, "from a page");
  const { url } = await creation.json();
  const first = { "If-Match": creation.headers.get("ETag"), ...text };
  seen.created = tagged(creation);
  seen.preflighted = await error(await send("CREATE", "POST", { "Content-Type": "application/json" }, "{}"));
  const read = await send(url, "GET");
  seen.read = { type: read.headers.get("Content-Type"), ...tagged(read), text: await read.text() };
  seen.unchanged = tagged(await send(url, "GET", { "If-None-Match": read.headers.get("ETag") }));
  seen.written = tagged(await send(url, "PUT", first, "the winner's"));
  seen.readAgain = await (await send(url, "GET")).text();
  const lost = await send(url, "PUT", first, "the loser's");
  seen.lost = { ...tagged(lost), ...(await error(lost)) };
  seen.cancelled = { status: (await send(url, "DELETE")).status };
  seen.gone = await error(await send(url, "GET"));
  return seen;
`;
