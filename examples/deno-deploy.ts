// The entry of a Deno Deploy application, or of `deno serve`. Sessions are in Deno KV: the isolates share no memory.
import { createHandler } from "@matrix-rendezvous/http";
import { openDenoKvStore } from "@matrix-rendezvous/store-deno-kv";

// On Deploy there is no path to give: the application's own database is meant.
const store = await openDenoKvStore(Deno.env.get("DENO_KV_PATH"));
const handler = createHandler({ store, mode: "open" });

export default {
  fetch(request, info) {
    if (new URL(request.url).pathname === "/") return new Response("somebody else's page");
    const clientAddress = info.remoteAddr.transport === "tcp" ? info.remoteAddr.hostname : undefined;
    return handler(request, { clientAddress });
  },
} satisfies Deno.ServeDefaultExport;
