import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { Listening } from "@matrix-rendezvous/http";
import type { Hono } from "hono";
import { createApplication } from "./application.ts";
import type { Config } from "./config/options.ts";
import type { Logger } from "./log.ts";
import { opsApp } from "./ops/listener.ts";
import { openParts, type Parts } from "./parts.ts";
import { adapter } from "./runtime.ts";

/** How often what expired sessions occupy is freed. Nothing waits for it. */
const SWEEP_INTERVAL_MS = 10_000;

/** A server that answers. */
export interface RunningServer {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where it is operated, if anywhere. */
  readonly opsUrl: string | undefined;
  /** Answers what was asked, then closes the store. */
  close(): Promise<void>;
}

/** Rejects with an error for people where the server cannot start, with nothing left open. */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const parts = await openParts(config, logger);
  try {
    return await listen(parts);
  } catch (error) {
    await parts.store.close();
    throw error;
  }
}

async function listen(parts: Parts): Promise<RunningServer> {
  const { config, logger, store } = parts;
  const shutdown = new AbortController();
  // The port may be the system's choice, and session URLs name it: only who listens can make the application.
  const listening = await bind(config.host, config.port, () => app);
  const url = urlOf(config.host, listening);
  const app = createApplication(parts, { url, shutdown: shutdown.signal });
  const ops = await listenForOps(parts, shutdown.signal);
  const sweeping = setInterval(() => sweep(store).catch((error) => logger.error(error)), SWEEP_INTERVAL_MS);
  return {
    url,
    opsUrl: ops && urlOf(config.host, ops),
    async close() {
      clearInterval(sweeping);
      shutdown.abort();
      await listening.close();
      await ops?.close();
      await store.close();
    },
  };
}

async function listenForOps(parts: Parts, shutdown: AbortSignal): Promise<Listening | undefined> {
  const { config, metrics, store } = parts;
  const port = config["ops-port"];
  if (metrics === undefined || port === undefined) return undefined;
  const app = opsApp(metrics, { store, shutdown, homeserver: config.homeserver });
  return await bind(config.host, port, () => app);
}

async function bind(hostname: string, port: number, app: () => Hono): Promise<Listening> {
  const serve = await adapter();
  return await serve(async (request, context = {}) => app().fetch(request, context), { hostname, port });
}

function urlOf(host: string, { port }: Listening): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function sweep(store: RendezvousStore): Promise<void> {
  while ((await store.sweep(Date.now())) > 0);
}
