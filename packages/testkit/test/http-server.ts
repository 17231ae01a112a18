import { memoryStore } from "@matrix-rendezvous/core";
import {
  type AccessTokenVerifier,
  createHandler,
  type Handler,
  type HandlerOptions,
  type Listening,
} from "@matrix-rendezvous/http";
import { runtime } from "@matrix-rendezvous/testkit/runner";

/** Of somebody who may create sessions, and of somebody who may not. */
export const ACCESS_TOKEN = "alice's";
export const FORBIDDEN_TOKEN = "mallory's";

const verifier: AccessTokenVerifier = {
  async verify(accessToken) {
    if (accessToken === ACCESS_TOKEN) return { type: "user", userId: "@alice:example.org" };
    return { type: accessToken === FORBIDDEN_TOKEN ? "forbidden" : "unknown" };
  },
};

/** The real handler, on a store in memory. */
export function soundHandler(options: Partial<HandlerOptions> = {}): Handler {
  return createHandler({ store: memoryStore(), mode: "open", verifier, ...options });
}

/** A server of the runtime that the tests are on. */
export interface Running {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

export async function start(handler: Handler): Promise<Running> {
  // Not a literal, so that neither a type checker nor a bundler goes looking for the other runtimes' adapters.
  const adapter: string = `@matrix-rendezvous/${runtime}`;
  const { serve }: { serve: (handler: Handler, options: { port: number }) => Promise<Listening> } = await import(
    adapter
  );
  const listening = await serve(handler, { port: 0 });
  return { baseUrl: `http://${listening.hostname}:${listening.port}`, stop: () => listening.close() };
}
