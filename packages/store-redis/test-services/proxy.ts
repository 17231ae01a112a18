import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that fails as networks do. */
export interface Proxy {
  readonly port: number;
  /** The next answer is dropped and its connection cut, after the server carried out what it was asked. */
  cutNextAnswer(): void;
  /** The connections that there are swallow everything from now on, both ways; new ones work. */
  swallow(): void;
  close(): void;
}

export async function startProxy(to: number): Promise<Proxy> {
  let cutting = false;
  const links = new Set<{ client: Socket; server: Socket; swallowing: boolean }>();
  const listener = createServer((client) => {
    const server = connect(to, "127.0.0.1");
    const link = { client, server, swallowing: false };
    const end = () => {
      links.delete(link);
      client.destroy();
      server.destroy();
    };
    links.add(link);
    client.on("data", (data) => link.swallowing || server.write(data));
    server.on("data", (data) => {
      if (link.swallowing) return;
      if (!cutting) return client.write(data);
      cutting = false;
      end();
    });
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    cutNextAnswer: () => {
      cutting = true;
    },
    swallow: () => {
      for (const link of links) link.swallowing = true;
    },
    close: () => {
      listener.close();
      for (const { client, server } of links) {
        client.destroy();
        server.destroy();
      }
    },
  };
}
