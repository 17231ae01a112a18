import type { RendezvousStore } from "@matrix-rendezvous/core";
import { type AccessTokenVerifier, createApp } from "@matrix-rendezvous/http";
import type { Hono } from "hono";
import type { Config } from "./config/options.ts";
import { adapter } from "./runtime.ts";
import { openStore } from "./stores.ts";
import { createVerifier } from "./verifier.ts";

/** How often what expired sessions occupy is freed. Nothing waits for it. */
const SWEEP_INTERVAL_MS = 10_000;

/** A server that answers. */
export interface RunningServer {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Answers what was asked, then closes the store. */
  close(): Promise<void>;
}

/** What the server tells its operator. */
export interface Operator {
  /** What goes wrong while it runs. */
  onError(error: unknown): void;
  /** What should be known before it goes wrong. */
  warn(message: string): void;
}

export async function startServer(config: Config, { onError, warn }: Operator): Promise<RunningServer> {
  const verifier = await createVerifier(config);
  const store = await openStore(config.store, warn);
  try {
    return await listen({ config, store, verifier, onError });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** What the server is made of, before it listens. */
interface Parts {
  readonly config: Config;
  readonly store: RendezvousStore;
  readonly verifier: AccessTokenVerifier | undefined;
  readonly onError: (error: unknown) => void;
}

async function listen(parts: Parts): Promise<RunningServer> {
  const { config, store, onError } = parts;
  const serve = await adapter();
  const shutdown = new AbortController();
  // The port may be the system's choice, and session URLs name it: only who listens can make the application.
  const listening = await serve(async (request, context = {}) => app.fetch(request, context), {
    hostname: config.host,
    port: config.port,
  });
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const url = `http://${host}:${listening.port}`;
  const app = application(parts, config["public-url"] ?? url, shutdown.signal);
  const sweeping = setInterval(() => sweep(store).catch(onError), SWEEP_INTERVAL_MS);
  return {
    url,
    async close() {
      shutdown.abort();
      clearInterval(sweeping);
      await listening.close();
      await store.close();
    },
  };
}

function application({ config, store, verifier, onError }: Parts, publicUrl: string, shutdown: AbortSignal): Hono {
  const app = createApp({
    store,
    onError,
    shutdown,
    clientAddress: (c) => c.env.clientAddress,
    mode: config.mode,
    verifier,
    trustedProxies: config["trust-proxy"],
    basePath: config["base-path"],
    stableEndpoint: config["stable-endpoint"],
    msc4108: config["no-msc4108"] ? undefined : { publicUrl },
    ttlMs: config["session-ttl"],
    maxSessions: config["max-sessions"],
    maxSessionsPerOwner: config["max-sessions-per-owner"],
  });
  return app.get("/health", (c) => c.json({ status: "ok" }));
}

async function sweep(store: RendezvousStore): Promise<void> {
  while ((await store.sweep(Date.now())) > 0);
}
