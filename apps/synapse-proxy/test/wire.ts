import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** One end of a connection, at which every byte can be seen and said. Bytes are characters here (Latin-1). */
export class Wire {
  readonly socket: Socket;
  /** What has come in and is not yet taken. */
  received = "";
  isClosed = false;
  readonly #changes = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket.setNoDelay(true).setEncoding("latin1");
    const changed = (): void => {
      for (const change of this.#changes) change();
    };
    socket.on("data", (text: string) => {
      this.received += text;
      changed();
    });
    // A reset is a close like any other.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
      changed();
    });
  }

  write(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Takes everything up to the end of the first match; fails where the connection closes before there is one. */
  async take(pattern: RegExp): Promise<string> {
    await this.until(() => pattern.test(this.received) || this.isClosed);
    const match = pattern.exec(this.received);
    if (match === null) throw new Error(`closed, and no ${pattern} in ${JSON.stringify(this.received)}`);
    const end = match.index + match[0].length;
    const taken = this.received.slice(0, end);
    this.received = this.received.slice(end);
    return taken;
  }

  /** The head of the next message, by lines. */
  async head(): Promise<Head> {
    const [start = "", ...lines] = (await this.take(/\r\n\r\n/)).trimEnd().split("\r\n");
    return { start, lines };
  }

  /** Waits until the other end has gone. */
  closed(): Promise<void> {
    return this.until(() => this.isClosed);
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#changes.delete(check);
        resolve();
      };
      this.#changes.add(check);
      check();
    });
  }
}

/** The first line of a message, and its header fields as they were on the wire. */
export interface Head {
  readonly start: string;
  readonly lines: readonly string[];
}

/** The values of a field, in order. */
export function valuesOf({ lines }: Head, name: string): string[] {
  const prefix = `${name.toLowerCase()}: `;
  return lines.filter((line) => line.toLowerCase().startsWith(prefix)).map((line) => line.slice(prefix.length));
}

export async function dial(port: number): Promise<Wire> {
  const socket = connect(port, "127.0.0.1");
  const wire = new Wire(socket);
  await once(socket, "connect");
  return wire;
}

/** In a homeserver's place: what a real one cannot be brought to say, or would not let be seen. */
export class StandIn {
  readonly #server: Server;
  readonly #waiting: ((wire: Wire) => void)[] = [];
  readonly #arrived: Wire[] = [];
  /** How many connections there have been. */
  connections = 0;

  private constructor(server: Server) {
    this.#server = server.on("connection", (socket) => {
      this.connections += 1;
      this.expectOn(new Wire(socket));
    });
  }

  /** @param port 0 for any that is free */
  static async listen(port = 0): Promise<StandIn> {
    const server = createServer();
    const standIn = new StandIn(server);
    await once(server.listen(port, "127.0.0.1"), "listening");
    return standIn;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the stand-in does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  /** The next connection on which a request begins, a new one or one that was given back with {@link expectOn}. */
  asked(): Promise<Wire> {
    const wire = this.#arrived.shift();
    return wire === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(wire);
  }

  /** Gives a connection back, for the next request on it. */
  expectOn(wire: Wire): void {
    void wire
      .until(() => wire.received !== "" || wire.isClosed)
      .then(() => {
        if (wire.received === "") return;
        const waiting = this.#waiting.shift();
        if (waiting === undefined) this.#arrived.push(wire);
        else waiting(wire);
      });
  }

  close(): void {
    this.#server.close();
  }
}
