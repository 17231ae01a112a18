import { connect, type Socket } from "node:net";
import type { FuzzRequest } from "./requests.ts";

/** How long one request may take, in milliseconds. */
export const PATIENCE_MS = 10_000;

/** An answer, one character a byte; header names are in lower case. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The bytes of a request, one character each. */
export function serialised({ method, target, headers, body, framing }: FuzzRequest): string {
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
  const chunked = `${body === "" ? "" : chunk}0\r\n\r\n`;
  const length = `Content-Length: ${body.length}`;
  const coding = "Transfer-Encoding: chunked";
  const head = (
    lines: readonly string[],
    version = "HTTP/1.1",
    host: readonly string[] = ["Host: localhost"],
  ): string =>
    `${[`${method} ${target} ${version}`, ...host, ...headers.map(([name, value]) => `${name}: ${value}`), ...lines].join("\r\n")}\r\n\r\n`;
  switch (framing) {
    case "length":
      return head([length]) + body;
    case "chunked":
      return head([coding]) + chunked;
    case "length and chunked":
      return head([length, coding]) + chunked;
    case "two lengths":
      return head([length, `Content-Length: ${body.length + 1}`]) + body;
    case "negative length":
      return head(["Content-Length: -1"]) + body;
    case "length too long":
      return head([`Content-Length: ${body.length + 10}`]) + body;
    case "gzip coding":
      return head(["Transfer-Encoding: gzip, chunked"]) + chunked;
    case "bad chunk size":
      return `${head([coding])}xyz\r\n${body}\r\n0\r\n\r\n`;
    case "chunk too long":
      return `${head([coding])}fffffffffffffffff\r\n${body}`;
    case "bare line feeds":
      return (head([length]) + body).replaceAll("\r\n", "\n");
    case "folded header":
      return head(["X-Folded: a\r\n b", length]) + body;
    case "NUL in a header":
      return head(["X-Nul: a\u0000b", length]) + body;
    case "no host":
      return head([length], "HTTP/1.1", []) + body;
    case "two hosts":
      return head([length], "HTTP/1.1", ["Host: a", "Host: b"]) + body;
    case "HTTP/1.0":
      return head([length], "HTTP/1.0", []) + body;
    case "HTTP/2 preface":
      return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000";
    case "garbage":
      return body;
  }
}

/** A connection that is opened when it is needed, and used again as long as both ends agree where a request ends. */
export class FuzzConnection {
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /**
   * Sends, and gives the answer; `undefined` where the server hangs up without one. Rejects where nothing happens.
   *
   * @param last nothing comes after it: the connection is half closed, so that the server need not wait for more
   */
  async exchange(bytes: string, method: string, last: boolean): Promise<RawAnswer | undefined> {
    this.#socket ??= connect({ port: this.#port, host: "127.0.0.1", noDelay: true }).setEncoding("latin1");
    const socket = this.#socket;
    const answer = await new Promise<RawAnswer | undefined>((resolve, reject) => {
      let received = "";
      const timer = setTimeout(
        () => settle(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`))),
        PATIENCE_MS,
      );
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        socket.removeAllListeners("data").removeAllListeners("close");
        how();
      };
      // What comes after the close event; a reset is a hang-up like any other.
      if (socket.listenerCount("error") === 0) socket.on("error", () => {});
      socket.on("close", () => settle(() => resolve(parse(received, method, true))));
      socket.on("data", (text: string) => {
        received += text;
        const parsed = parse(received, method, false);
        if (parsed !== undefined) settle(() => resolve(parsed));
      });
      socket.write(bytes, "latin1");
      if (last) socket.end();
    });
    if (last || answer === undefined || answer.headers.get("connection") === "close" || socket.destroyed) this.close();
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

function parse(received: string, method: string, ended: boolean): RawAnswer | undefined {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = received.slice(0, headEnd).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
  const rest = received.slice(headEnd + 4);
  if (status < 200) return parse(rest, method, ended);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  if (method === "HEAD" || status === 204 || status === 304) return { status, headers, body: "" };
  if (headers.get("transfer-encoding") === "chunked")
    return rest.endsWith("0\r\n\r\n") ? { status, headers, body: rest } : undefined;
  const declared = headers.get("content-length");
  if (declared === undefined) return ended ? { status, headers, body: rest } : undefined;
  return rest.length < Number(declared) ? undefined : { status, headers, body: rest.slice(0, Number(declared)) };
}
