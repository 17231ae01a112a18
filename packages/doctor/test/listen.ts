/** A handler behind `node:http`, whose connections end when the test says so, with whatever is under way. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Handler } from "@matrix-rendezvous/http";
import type { Identity } from "./certificates.ts";

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** @default one that is free */
  readonly port?: number | undefined;
  /** Listens with TLS, as `localhost`. */
  readonly identity?: Identity | undefined;
}

export async function listen(handler: Handler, { port = 0, identity }: ListenOptions = {}): Promise<Listening> {
  const server = serverFor(identity, (incoming, outgoing) => {
    const { host = "" } = incoming.headers;
    const origin = identity === undefined ? `http://${host}` : `https://${host}`;
    // Where the client has gone, nobody is left to hear of it.
    answer(handler, incoming, outgoing, origin).catch(() => outgoing.destroy());
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  const { port: listensOn } = server.address() as AddressInfo;
  return { url: identity === undefined ? `http://127.0.0.1:${listensOn}` : `https://localhost:${listensOn}`, close };
}

function serverFor(identity: Identity | undefined, listener: RequestListener): Server {
  if (identity === undefined) return createServer(listener);
  return createTlsServer({ key: identity.key, cert: identity.certificate }, listener);
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: string,
): Promise<void> {
  const { method = "GET", url = "", headers } = incoming;
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const request = new Request(origin + url, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    body: method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks),
  });
  const response = await handler(request, { clientAddress: "127.0.0.1" });
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.flushHeaders();
  const gone = once(outgoing, "close");
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    if (outgoing.destroyed) return await reader?.cancel();
    if (!outgoing.write(read.value)) await Promise.race([once(outgoing, "drain"), gone]);
  }
  outgoing.end();
}
