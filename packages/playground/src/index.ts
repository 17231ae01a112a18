/**
 * The playground: a web page on which two devices sign each other in, and every message can be seen and attacked.
 *
 * @module
 */
import type { Hono } from "hono";
import { pageApp, readPage } from "./page.ts";

/**
 * The page as a Hono application that answers at `/playground/`, to be mounted at the root of a server whose rendezvous
 * API has the same base path.
 *
 * @param basePath as the API has it, such as `/matrix`: starts with a slash, does not end with one
 * @throws Error where the page is not built
 *
 * @example
 * ```ts
 * import { memoryStore } from "@matrix-rendezvous/core";
 * import { createApp } from "@matrix-rendezvous/http";
 * import { playgroundApp } from "@matrix-rendezvous/playground";
 *
 * const app = createApp({ store: memoryStore(), mode: "open" });
 * app.route("/", await playgroundApp());
 * ```
 */
export async function playgroundApp(basePath = ""): Promise<Hono> {
  return pageApp(await readPage(new URL("../page/", import.meta.url)), basePath);
}
