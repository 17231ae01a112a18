/** A handler behind `node:http`, whose connections end when the test says so, with whatever is under way. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Handler } from "@matrix-rendezvous/http";

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export async function listen(handler: Handler, onPort = 0): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    // Where the client has gone, nobody is left to hear of it.
    answer(handler, incoming, outgoing).catch(() => outgoing.destroy());
  }).listen(onPort, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function answer(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = "GET", url = "", headers } = incoming;
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const request = new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    body: method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks),
  });
  const response = await handler(request, { clientAddress: "127.0.0.1" });
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.flushHeaders();
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    if (outgoing.destroyed) return await reader?.cancel();
    if (!outgoing.write(read.value)) await Promise.race([once(outgoing, "drain"), once(outgoing, "close")]);
  }
  outgoing.end();
}
