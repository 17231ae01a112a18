// Inside a plain node:http server, beside routes of its own.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";

const handler = createHandler({ store: memoryStore(), mode: "open" });
const rendezvous = getRequestListener((request, env) =>
  handler(request, { clientAddress: "incoming" in env ? env.incoming.socket.remoteAddress : undefined }),
);
const server = createServer((request, response) => {
  if (request.url?.startsWith("/_matrix/client/unstable/io.element.msc4388/"))
    return void rendezvous(request, response);
  response.end("somebody else's page");
});
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => console.log(server.address()));
