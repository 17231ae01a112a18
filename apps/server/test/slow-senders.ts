import { once } from "node:events";
import { connect, type Socket } from "node:net";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

interface Slow {
  readonly socket: Socket;
  /** What it sends from now on, again and again. */
  readonly more: string;
}

const post = (line: string): string => `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\n${line}\r\n\r\n`;

/** What a slow sender begins with, and goes on with. */
const KINDS = {
  head: ["GET /health HTTP/1.1\r\nX-Slow: ", "a"],
  "declared body": [`${post("Content-Length: 20000")}{`, " "],
  "chunked body": [`${post("Transfer-Encoding: chunked")}1\r\n{\r\n`, "1\r\n \r\n"],
} as const;

export type Kind = keyof typeof KINDS;

/** Connections that never come to the end of their requests. */
export class SlowSenders {
  readonly #senders: Slow[] = [];
  /** How many of each kind the server has hung up on, and has answered. */
  readonly hungUpOn: Record<Kind, number> = { head: 0, "declared body": 0, "chunked body": 0 };
  readonly answers: Record<Kind, string[]> = { head: [], "declared body": [], "chunked body": [] };
  #next = 0;

  /** Opens that many, of each kind alike, and waits until each is connected. */
  async open(port: number, count: number): Promise<void> {
    const kinds = Object.keys(KINDS) as Kind[];
    for (let opened = 0; opened < count; opened += kinds.length) {
      await Promise.all(kinds.map((kind) => this.#openOne(port, kind)));
    }
  }

  async #openOne(port: number, kind: Kind): Promise<void> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    socket.on("error", () => {});
    socket.on("close", () => (this.hungUpOn[kind] += 1));
    socket.on("data", (bytes) => this.answers[kind].push(String(bytes)));
    const [first, more] = KINDS[kind];
    socket.write(first);
    this.#senders.push({ socket, more });
  }

  /** Lets the next `count` of them send a little more. */
  trickle(count: number): void {
    for (let sent = 0; sent < count; sent += 1) {
      const { socket, more } = this.#senders[this.#next++ % this.#senders.length] as Slow;
      if (socket.writable) socket.write(more);
    }
  }

  get count(): number {
    return this.#senders.length;
  }

  close(): void {
    for (const { socket } of this.#senders) socket.destroy();
  }
}
