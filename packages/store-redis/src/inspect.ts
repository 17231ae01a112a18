import type { Cluster, Redis } from "ioredis";
import { reasonOf } from "./engine.ts";

/**
 * Looks at what the server says of itself, with INFO, which hosted servers allow where they forbid CONFIG.
 *
 * @throws Error where it is of a kind that can hold no sessions
 */
export async function inspect(client: Redis | Cluster, warn: (message: string) => void): Promise<void> {
  const servers = "nodes" in client ? client.nodes("master") : [client];
  for (const server of servers) {
    const { path, host, port } = server.options;
    const name = `Redis at ${path ?? `${host}:${port}`}`;
    const info = await server.info().catch((error) => {
      warn(`${name} does not say whether it evicts sessions or forgets them: ${reasonOf(error)}`);
      return "";
    });
    const says = (line: RegExp): boolean => line.test(info);
    if (says(/^cluster_enabled:1/m) && !client.isCluster)
      throw new Error("it is a node of a cluster, whose URL is redis+cluster://…");
    if (says(/^role:slave/m)) throw new Error("it is a replica, which takes no writes");
    if (says(/^maxmemory:[1-9]/m) && !says(/^maxmemory_policy:noeviction/m)) {
      warn(`${name} may remove live sessions when its memory is full: set maxmemory-policy to noeviction`);
    }
    if (says(/^aof_enabled:0/m)) {
      warn(`${name} forgets sessions when it restarts, ending the sign-ins under way: set appendonly to yes`);
    }
  }
}
