// The entry of a Deno Deploy application, or of `deno serve`. Sessions are in Deno KV: the isolates share no memory.
import { createHandler } from "@matrix-rendezvous/http";
import { tokenBuckets } from "@matrix-rendezvous/http/limits";
import { cachedVerifier, whoamiVerifier } from "@matrix-rendezvous/http/verifiers";
import { openDenoKvStore } from "@matrix-rendezvous/store-deno-kv";

// On Deploy there is no path to give: the application's own database is meant.
const store = await openDenoKvStore(Deno.env.get("DENO_KV_PATH"));
const homeserver = Deno.env.get("HOMESERVER");
const publicUrl = Deno.env.get("PUBLIC_URL");
const handler = createHandler({
  store,
  mode: homeserver ? "authenticated" : "open",
  verifier: homeserver ? cachedVerifier(whoamiVerifier({ homeserver })) : undefined,
  msc4108: publicUrl ? { publicUrl } : undefined,
  // Each isolate counts for itself.
  limits: {
    create: tokenBuckets({ perSecond: 1, burstCount: 20 }),
    read: tokenBuckets({ perSecond: 200, burstCount: 1000 }),
    write: tokenBuckets({ perSecond: 100, burstCount: 500 }),
  },
});

// No isolate lives for long enough to do this by itself.
Deno.cron("remove what has ended", "*/5 * * * *", async () => {
  while ((await store.sweep(Date.now())) > 0);
});

export default {
  fetch(request, info) {
    const clientAddress = info.remoteAddr.transport === "tcp" ? info.remoteAddr.hostname : undefined;
    return handler(request, { clientAddress });
  },
} satisfies Deno.ServeDefaultExport;
