import type { Handler, Listening } from "@matrix-rendezvous/http";
import { runtime } from "@matrix-rendezvous/testkit/runner";

/** Serves `handler` on this runtime, for as long as `use` takes. */
export async function whileServing(handler: Handler, use: (url: string) => Promise<void>): Promise<void> {
  const { serve } = await import(`@matrix-rendezvous/${runtime}`);
  const listening: Listening = await serve(handler, { port: 0 });
  try {
    await use(`http://127.0.0.1:${listening.port}`);
  } finally {
    await listening.close();
  }
}
