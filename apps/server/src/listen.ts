import { playgroundApp } from "@matrix-rendezvous/playground";
import {
  adapter,
  boundsOf,
  createApplication,
  type Ending,
  type Front,
  type Parts,
  urlOf,
} from "@matrix-rendezvous/program";
import type { ServerConfig } from "./options.ts";

/** Serves the rendezvous API, and the playground where it is wanted. */
export async function listen(parts: Parts<ServerConfig>, { draining, shutdown }: Ending): Promise<Front> {
  const { host, port, "base-path": basePath } = parts.config;
  const playground = parts.config.playground ? await playgroundApp(basePath) : undefined;
  const serve = await adapter();
  // The port may be the system's choice, and session URLs name it: only who listens can make the application.
  const handler: Parameters<typeof serve>[0] = (request, context) => {
    const answer = api.handler(request, context);
    // Before it is sent: who asked first to hear of the answer hears of it first.
    answer.then(hangUpIfDraining);
    return answer;
  };
  const hangUpIfDraining = (answer: Response): void => {
    // Whoever keeps a connection would go on sending here: the next one that is opened may lead elsewhere. The headers
    // are not looked at before: that alone has the runtime make an object of them, for every answer.
    if (draining.aborted) answer.headers.set("Connection", "close");
  };
  const place = { hostname: host, port, reusePort: parts.config["reuse-port"] };
  const listening = await serve(handler, { ...place, ...boundsOf(parts) });
  const url = urlOf(host, listening.port);
  const api = createApplication(parts, { url, shutdown, basePath });
  api.app.get("/health", (c) => c.json({ status: "ok" }));
  if (playground) api.app.route("/", playground);
  const notes = playground ? [`The playground is at ${url}${basePath}/playground/`] : [];
  return { url, notes, close: () => listening.close() };
}
