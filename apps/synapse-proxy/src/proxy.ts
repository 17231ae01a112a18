import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { createApp } from "@matrix-rendezvous/http";
import { cachedVerifier, whoamiVerifier } from "@matrix-rendezvous/http/verifiers";
import { AwayReport } from "./away.ts";
import { clientTeller } from "./client.ts";
import type { Config } from "./config.ts";
import { createListener } from "./listener.ts";
import { openStore } from "./stores.ts";
import { createUpstream } from "./upstream.ts";

/** How often what expired sessions occupy is freed. Nothing waits for it. */
const SWEEP_INTERVAL_MS = 10_000;

/**
 * In milliseconds. Who takes longer to send the head of a request is not waited for; an upload takes as long as it takes.
 * A connection may be idle for longer than reverse proxies keep one.
 */
const TIMEOUTS = {
  headersTimeout: 15_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 75_000,
};

/** A proxy that answers. */
export interface RunningProxy {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Answers what was asked, then closes the store. */
  close(): Promise<void>;
}

/** @param say hears, in words for the operator, of what goes wrong while the proxy runs */
export async function startProxy(config: Config, say: (words: unknown) => void): Promise<RunningProxy> {
  const store = await openStore(config.store);
  try {
    return await listen(config, store, say);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function listen(config: Config, store: RendezvousStore, say: (words: unknown) => void): Promise<RunningProxy> {
  const server = createServer(TIMEOUTS);
  // As long as an upload moves, that is. Where the homeserver is what does not move, it is found first.
  server.setTimeout(2 * config["upstream-timeout"]);
  server.listen(config.port, config.host);
  await once(server, "listening");
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  // The port may be the system's choice, and session URLs name it.
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const upstream = createUpstream(config.homeserver, config["upstream-timeout"]);
  const listener = createListener({
    rendezvous: createApp({
      store,
      mode: config.mode,
      verifier: cachedVerifier(whoamiVerifier({ homeserver: config.homeserver })),
      clientAddress: (c) => c.env.clientAddress,
      msc4108: { publicUrl: config["public-url"] ?? url },
      onError: say,
    }),
    upstream,
    tellClient: clientTeller(config["trust-proxy"]),
    advertised: config.mode !== "off",
    report: new AwayReport(say),
  });
  server.on("request", listener);
  // Whether an upload may begin is for whoever takes it to say.
  server.on("checkContinue", listener);
  const sweeping = setInterval(() => sweep(store).catch(say), SWEEP_INTERVAL_MS);
  return {
    url,
    async close() {
      clearInterval(sweeping);
      await closed(server);
      upstream.close();
      await store.close();
    },
  };
}

async function closed(server: Server): Promise<void> {
  server.close();
  // A kept-alive connection idles on after its last answer; there is no event for that moment.
  const closing = setInterval(() => server.closeIdleConnections(), 10);
  await once(server, "close");
  clearInterval(closing);
}

async function sweep(store: RendezvousStore): Promise<void> {
  while ((await store.sweep(Date.now())) > 0);
}
