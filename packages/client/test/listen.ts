import type { Handler, Listening, ListenOptions } from "@matrix-rendezvous/http";
import { runtime } from "@matrix-rendezvous/testkit/runner";

export interface RealServer {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** Serves `handler` on a port of its own, by the adapter of the runtime that the tests run on. */
export async function listen(handler: Handler): Promise<RealServer> {
  const adapter: { serve: (handler: Handler, options: ListenOptions) => Promise<Listening> } = await import(
    `@matrix-rendezvous/${runtime}`
  );
  const { hostname, port, close } = await adapter.serve(handler, { hostname: "127.0.0.1", port: 0 });
  return { baseUrl: `http://${hostname}:${port}`, close };
}
