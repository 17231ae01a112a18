import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { createSession, joinSession, LONG_POLL_KEY, TRANSACTION_IDS_KEY } from "../src/session/index.ts";
import { jsonResponse, startServer } from "./server.ts";

test("What a server offers is asked once, and an offer that is not as specified is none", async () => {
  const server = startServer();
  const { extensions: _, ...options } = server.options;
  let offer: unknown = jsonResponse(200, {
    create_available: true,
    [LONG_POLL_KEY]: true,
    [TRANSACTION_IDS_KEY]: "yes",
  });
  server.intercept = ({ method, url }) => {
    if (method !== "GET" || !url.endsWith("/rendezvous")) return undefined;
    return offer instanceof Response ? Promise.resolve(offer.clone()) : Promise.reject(offer);
  };
  // To ask may also be forbidden, or fail: the device that joins has no access token.
  for (offer of [offer, jsonResponse(401, { errcode: "M_MISSING_TOKEN" }), new TypeError("offline")]) {
    server.requests.length = 0;
    const g = await createSession(options);
    const s = await joinSession({ ...options, id: g.id });
    await s.send("data");
    await g.receive();
    const paths = server.requests.map(({ method, url }) => `${method} ${url.split("/rendezvous")[1]}`);
    assert.deepEqual(paths.sort(), ["GET ", "GET ", `GET /${g.id}`, `GET /${g.id}`, "POST ", `PUT /${g.id}`]);
  }
});

test("A server that refuses to say whether sessions can be created may say what it offers all the same", async () => {
  const server = startServer();
  const { extensions: _, ...options } = server.options;
  const { id } = await createSession(server.options);
  server.requests.length = 0;
  server.intercept = ({ url }) =>
    url.endsWith("/rendezvous")
      ? Promise.resolve(jsonResponse(401, { errcode: "M_MISSING_TOKEN", [TRANSACTION_IDS_KEY]: true }))
      : undefined;
  await (await joinSession({ ...options, id })).send("data");
  assert.match(server.requests.at(-1)?.url ?? "", new RegExp(`/${id}/[0-9a-f]{32}$`));
});
