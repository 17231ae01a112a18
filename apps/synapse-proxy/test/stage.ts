import assert from "node:assert/strict";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { type ProxyProcess, startProxy } from "./proxy-process.ts";
import { dial, type Head, StandIn, type Wire } from "./wire.ts";

/** A proxy between this test's two ends. */
export interface Stage {
  readonly proxy: ProxyProcess;
  readonly homeserver: StandIn;
  /** A client's connection, on which this has been sent. `\n` ends a line. */
  client(text: string): Promise<Wire>;
  /** A request through to the homeserver, and both ends of it. */
  through(text: string): Promise<Through>;
  /** A whole exchange, after which the proxy keeps a connection to the homeserver. */
  keepConnection(): Promise<void>;
}

export interface Through {
  readonly client: Wire;
  readonly homeserver: Wire;
  /** The request's head as the homeserver got it. */
  readonly request: Head;
}

/** Starts a proxy for the tests of a file. Its last test is registered with {@link endStage}. */
export async function openStage(runtime: Runtime, flags?: readonly string[]): Promise<Stage> {
  const homeserver = await StandIn.listen();
  const proxy = await startProxy(runtime, homeserver.url, flags);
  const client = async (text: string): Promise<Wire> => {
    const wire = await dial(proxy.port);
    wire.write(text.replaceAll("\n", "\r\n"));
    return wire;
  };
  const through = async (text: string): Promise<Through> => {
    const wire = await client(text);
    const other = await homeserver.asked();
    return { client: wire, homeserver: other, request: await other.head() };
  };
  return {
    proxy,
    homeserver,
    client,
    through,
    async keepConnection() {
      const ends = await through("GET /keep HTTP/1.1\nHost: a\n\n");
      ends.homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept");
      await ends.client.take(/kept$/);
      homeserver.expectOn(ends.homeserver);
      ends.client.socket.destroy();
    },
  };
}

/** Ends the proxy, which must have had nothing to complain of. */
export function endStage(runtime: Runtime, { proxy, homeserver }: Stage): void {
  test(`${runtime}: the proxy ends with 0`, async () => {
    homeserver.close();
    assert.equal(await proxy.stop(), 0);
    assert.equal(proxy.logged() + proxy.stderr(), "");
  });
}
