/** What ends TLS in front of a homeserver. */
import { once } from "node:events";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Identity } from "./certificates.ts";

export interface Front {
  /** Such as `https://localhost:12345`. */
  readonly url: string;
  /** Passes everything on to this URL from now on. */
  to(url: string): void;
  close(): void;
}

/**
 * - `http1`: what comes in is passed on as it is.
 * - `http2`: as a reverse proxy does that speaks both.
 * - `broken`: HTTP/2 is agreed to, and not spoken.
 */
export type Protocol = "http1" | "http2" | "broken";

export async function startFront({ certificate: cert, key }: Identity, protocol: Protocol): Promise<Front> {
  let behind = "";
  const sockets = new Set<Socket>();
  const pass = (from: Socket): void => {
    const { hostname, port } = new URL(behind);
    const to = connect(Number(port), hostname);
    for (const socket of [from, to]) socket.on("error", () => [from, to].map((one) => one.destroy()));
    from.pipe(to).pipe(from);
  };
  const server =
    protocol === "http2"
      ? createSecureServer({ cert, key, allowHTTP1: true }, (incoming, outgoing) => {
          forward(behind, incoming, outgoing).catch(() => outgoing.stream.destroy());
        })
      : createTlsServer({ cert, key, ...(protocol === "broken" && { ALPNProtocols: ["h2", "http/1.1"] }) }, pass);
  server.on("connection", (socket: Socket) => sockets.add(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    to: (url) => {
      behind = url;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function forward(behind: string, incoming: Http2ServerRequest, outgoing: Http2ServerResponse): Promise<void> {
  const { method, url } = incoming;
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const kept = Object.entries(incoming.headers).filter(([name]) => !/^:|^(host|connection|content-length)$/.test(name));
  const answer = await fetch(behind + url, {
    method,
    headers: kept.map(([name, value]): [string, string] => [name, String(value)]),
    body: method === "GET" ? null : Buffer.concat(chunks),
    redirect: "manual",
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const dropped = /^(connection|keep-alive|transfer-encoding|content-encoding|content-length)$/;
  const headers = [...answer.headers].filter(([name]) => !dropped.test(name));
  outgoing.writeHead(answer.status, Object.fromEntries(headers));
  outgoing.end(body);
}
