import { connect, type TLSSocket } from "node:tls";
import { failureOf } from "../failure.ts";
import { ROUTES } from "../report.ts";
import type { Step } from "../visit.ts";

const PATIENCE_MS = 10_000;
const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

interface Tls {
  readonly version: string;
  readonly http2: boolean;
  readonly validTo: number;
}

export const transport: Step = {
  id: "transport",
  title: "TLS and HTTP/2",
  async run({ notes, baseUrl }) {
    const { protocol, hostname, port, origin } = new URL(baseUrl);
    if (protocol === "http:") {
      // On the machine itself nobody needs it.
      if (!isLocal(hostname)) notes.find("no_tls", ROUTES, { url: origin });
      return notes.means("There is no TLS at this address.");
    }
    try {
      const tls = await handshake(hostname.replace(/^\[|\]$/g, ""), Number(port || 443));
      notes.said(`TLS to ${origin}`, `${tls.version}, ${tls.http2 ? "HTTP/2" : "no HTTP/2"}`);
      if (!tls.http2) notes.find("no_http2");
      const days = Math.floor((tls.validTo - Date.now()) / DAY_MS);
      if (days < SOON_DAYS) notes.find("tls_expires_soon", ROUTES, { days: String(days) });
      notes.means("Clients trust the certificate.");
    } catch (error) {
      const { failure, detail } = failureOf(error);
      notes.said(`TLS to ${origin}`, detail);
      notes.find(failure, ROUTES, { what: "TLS", url: origin, detail });
    }
  },
};

export function isLocal(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function handshake(host: string, port: number): Promise<Tls> {
  const { promise, resolve, reject } = Promise.withResolvers<Tls>();
  const isName = !/^[\d.]+$|:/.test(host);
  const socket: TLSSocket = connect({
    host,
    port,
    ALPNProtocols: ["h2", "http/1.1"],
    ...(isName ? { servername: host } : {}),
  });
  const timer = setTimeout(() => reject(new DOMException("timed out", "TimeoutError")), PATIENCE_MS);
  socket.on("error", reject);
  socket.on("secureConnect", () => {
    const { valid_to: validTo } = socket.getPeerCertificate();
    resolve({
      version: socket.getProtocol() ?? "TLS",
      http2: socket.alpnProtocol === "h2",
      validTo: Date.parse(validTo) || Number.POSITIVE_INFINITY,
    });
  });
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}
