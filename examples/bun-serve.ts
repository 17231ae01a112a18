// Inside Bun.serve, beside routes of its own.
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";

const handler = createHandler({ store: memoryStore(), mode: "open" });
const server = Bun.serve({
  port: Number(process.env["PORT"] ?? 8080),
  hostname: "127.0.0.1",
  routes: {
    "/_matrix/client/unstable/io.element.msc4388/*": (request, server) =>
      handler(request, { clientAddress: server.requestIP(request)?.address }),
  },
  fetch: () => new Response("somebody else's page"),
});
console.log({ port: server.port });
