import { connect, createServer, type Socket } from "node:net";

/**
 * - `up`: everything passes.
 * - `silent`: nothing passes, and nobody is told; what was sent arrives late, if the network comes up in time.
 * - `down`: every connection is closed, new ones at once.
 * - `one-way`: what clients send arrives; with the server's next answer the connection is closed.
 */
export type NetworkState = "up" | "silent" | "down" | "one-way";

/** The network between clients and a server, to be cut at will: a TCP proxy. */
export class Network {
  readonly #server = createServer({ pauseOnConnect: true }, (client) => this.#join(client));
  readonly #targetPort: number;
  readonly #connections = new Set<Connection>();
  #state: NetworkState = "up";

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
  }

  static async start(targetPort: number): Promise<Network> {
    const network = new Network(targetPort);
    network.#server.listen(0, "127.0.0.1");
    await new Promise((resolve) => network.#server.once("listening", resolve));
    return network;
  }

  /** Where clients find the server. */
  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy does not listen");
    return address.port;
  }

  set state(state: NetworkState) {
    this.#state = state;
    for (const connection of this.#connections) connection.obey(state);
  }

  close(): void {
    this.#server.close();
    this.state = "down";
  }

  #join(client: Socket): void {
    const connection = new Connection(client, connect(this.#targetPort, "127.0.0.1"));
    this.#connections.add(connection);
    client.on("close", () => this.#connections.delete(connection));
    connection.obey(this.#state);
  }
}

class Connection {
  readonly #client: Socket;
  readonly #server: Socket;
  #state: NetworkState = "up";

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
    for (const socket of [client, server]) socket.on("error", () => this.#end()).on("close", () => this.#end());
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => (this.#state === "one-way" ? this.#end() : client.write(bytes)));
  }

  obey(state: NetworkState): void {
    this.#state = state;
    if (state === "down") this.#end();
    for (const socket of [this.#client, this.#server]) state === "silent" ? socket.pause() : socket.resume();
  }

  #end(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}
