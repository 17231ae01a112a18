// Mounted in a Hono application of your own.
import { serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { memoryStore } from "@matrix-rendezvous/core";
import { createApp } from "@matrix-rendezvous/http";
import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.text("somebody else's page"));
app.route("/", createApp({ store: memoryStore(), mode: "open", clientAddress: (c) => getConnInfo(c).remote.address }));
serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 8080), hostname: "127.0.0.1" }, console.log);
