// Inside Deno.serve, beside routes of its own.
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";

const handler = createHandler({ store: memoryStore(), mode: "open" });
const options = { port: Number(Deno.env.get("PORT") ?? 8080), hostname: "127.0.0.1" };
Deno.serve({ ...options, onListen: ({ port }) => console.log({ port }) }, (request, info) => {
  if (new URL(request.url).pathname.startsWith("/_matrix/client/unstable/io.element.msc4388/")) {
    return handler(request, { clientAddress: info.remoteAddr.hostname });
  }
  return new Response("somebody else's page");
});
