import { checkServerIdentity, connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { type Failure, failureOf } from "./failure.ts";

/** A TLS connection that clients would agree to. */
export interface Tls {
  /** Such as `TLSv1.3`. */
  readonly version: string;
  readonly http2: boolean;
  /** When the certificate ends, in Unix milliseconds. */
  readonly validTo: number;
}

export interface NoTls {
  readonly failure: Failure;
  readonly detail: string;
}

/** What a connection to an https URL is like, or why clients would refuse it. */
export async function inspectTls(url: string, patienceMs: number, signal: AbortSignal): Promise<Tls | NoTls> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isName = !/^[\d.]+$|:/.test(host);
  // Whether the certificate is to be trusted is looked at here: errors would not give it away.
  const socket = connect({
    ...{ host, port: Number(port || 443), rejectUnauthorized: false, ALPNProtocols: ["h2", "http/1.1"] },
    ...(isName ? { servername: host } : {}),
  });
  try {
    await secured(socket, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    const certificate = socket.getPeerCertificate(true);
    return (
      distrust(socket, host, certificate) ?? {
        version: socket.getProtocol() ?? "TLS",
        http2: socket.alpnProtocol === "h2",
        validTo: Date.parse(certificate.valid_to),
      }
    );
  } catch (error) {
    return failureOf(error);
  } finally {
    socket.destroy();
  }
}

function secured(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener("abort", giveUp);
  // After the handshake nobody waits for errors any more.
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("closed during the TLS handshake")));
  socket.on("secureConnect", resolve);
  if (signal.aborted) giveUp();
  return promise.finally(() => signal.removeEventListener("abort", giveUp));
}

/** Runtimes have different words for the same certificate, so that it is looked at itself. */
function distrust(socket: TLSSocket, host: string, certificate: DetailedPeerCertificate): NoTls | undefined {
  if (socket.authorized) return undefined;
  const [from, to] = [Date.parse(certificate.valid_from), Date.parse(certificate.valid_to)];
  const issuer = String(certificate.issuer.CN ?? certificate.issuer.O ?? "without a name");
  if (to < Date.now()) return { failure: "tls_expired", detail: day(to) };
  if (from > Date.now()) return { failure: "tls_not_yet", detail: day(from) };
  if (JSON.stringify(certificate.subject) === JSON.stringify(certificate.issuer))
    return { failure: "tls_self_signed", detail: issuer };
  if (checkServerIdentity(host, certificate) !== undefined)
    return { failure: "tls_wrong_name", detail: namesOf(certificate) };
  // Nothing came along that has signed it.
  if (certificate.issuerCertificate === undefined) return { failure: "tls_incomplete", detail: issuer };
  return { failure: "tls_untrusted", detail: issuer };
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function namesOf({ subjectaltname = "", subject }: DetailedPeerCertificate): string {
  return subjectaltname.replaceAll("DNS:", "") || String(subject.CN ?? "none");
}
