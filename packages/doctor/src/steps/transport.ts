import { connect } from "node:http2";
import { failureOf } from "../failure.ts";
import { ROUTES } from "../report.ts";
import { inspectTls, type Tls } from "../tls.ts";
import type { Step, Visit } from "../visit.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

export const transport: Step = {
  id: "transport",
  title: "TLS and HTTP/2",
  async run(visit) {
    const { notes, wire, baseUrl } = visit;
    const { protocol, hostname, origin } = new URL(baseUrl);
    if (protocol === "http:") {
      // On the machine itself nobody needs it.
      if (!isLocal(hostname)) notes.find("no_tls", ROUTES, { url: origin });
      notes.said(origin, "not encrypted");
      return notes.means("There is no TLS at this address.");
    }
    const tls = await inspectTls(baseUrl, wire.limits.requestMs, wire.signal);
    // The next step says that the examination has ended.
    if (wire.signal.aborted) return notes.leaveOut("Not asked any more.");
    if ("failure" in tls) {
      notes.said(`TLS to ${origin}`, tls.failure.replaceAll("_", " "));
      visit.unreachable = true;
      return notes.find(tls.failure, ROUTES, { what: "TLS", url: origin, detail: tls.detail });
    }
    await judge(visit, tls, origin);
  },
};

async function judge(visit: Visit, tls: Tls, origin: string): Promise<void> {
  const { notes } = visit;
  notes.said(`TLS to ${origin}`, `${tls.version}, ${tls.http2 ? "HTTP/2" : "no HTTP/2"}`);
  notes.means("Clients trust the certificate.");
  const days = Math.floor((tls.validTo - Date.now()) / DAY_MS);
  if (days < SOON_DAYS) notes.find("tls_expires_soon", ROUTES, { days: String(days) });
  if (tls.http2) await askByHttp2(visit, origin);
  else notes.find("no_http2");
}

/** As browsers do, and most clients: most runtimes' `fetch` speaks HTTP/1.1. */
async function askByHttp2({ notes, wire, baseUrl }: Visit, origin: string): Promise<void> {
  const path = `${new URL(baseUrl).pathname.replace(/\/$/, "")}/_matrix/client/versions`;
  try {
    const status = await statusByHttp2(origin, path, wire.limits.requestMs);
    notes.said(`GET ${baseUrl}/_matrix/client/versions by HTTP/2`, status);
    notes.means("HTTP/2 works.");
  } catch (error) {
    const { failure } = failureOf(error);
    notes.said(`GET ${baseUrl}/_matrix/client/versions by HTTP/2`, `no answer (${failure.replaceAll("_", " ")})`);
    notes.find("http2_broken", ROUTES, { detail: failure.replaceAll("_", " ") });
  }
}

async function statusByHttp2(origin: string, path: string, patienceMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const session = connect(origin);
  AbortSignal.timeout(patienceMs).addEventListener("abort", () => reject(new DOMException("late", "TimeoutError")));
  session.on("error", reject);
  const stream = session.request({ ":path": path });
  stream.on("error", reject).on("response", (headers) => resolve(String(headers[":status"])));
  stream.on("close", () => reject(new Error("closed")));
  return await promise.finally(() => session.destroy());
}

export function isLocal(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
