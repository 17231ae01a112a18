import { readFile } from "node:fs/promises";
import type { AccessTokenVerifier } from "@matrix-rendezvous/http";
import { cachedVerifier, introspectionVerifier, whoamiVerifier } from "@matrix-rendezvous/http/verifiers";
import type { Config } from "./config/options.ts";
import { measuredVerifier } from "./ops/measured.ts";
import type { Metrics } from "./ops/metrics.ts";

/** Who checks access tokens: the authorization server where one is configured, else the homeserver. */
export async function createVerifier(
  config: Config,
  metrics: Metrics | undefined,
): Promise<AccessTokenVerifier | undefined> {
  const asked = await uncached(config);
  const verifier = asked && metrics ? measuredVerifier(asked, metrics) : asked;
  // A cache that forgets at once would still join questions that come together.
  return verifier && cachedVerifier(verifier, { validMs: Math.max(1, config["token-cache"]) });
}

async function uncached(config: Config): Promise<AccessTokenVerifier | undefined> {
  const { "introspection-url": url, "introspection-client-id": clientId, homeserver } = config;
  const file = config["introspection-client-secret-file"];
  if (url !== undefined && clientId !== undefined && file !== undefined) {
    return introspectionVerifier({ url, clientId, clientSecret: (await readFile(file, "utf8")).trim() });
  }
  return homeserver === undefined ? undefined : whoamiVerifier({ homeserver });
}
