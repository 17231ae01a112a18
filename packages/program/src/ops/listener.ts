import type { RendezvousStore } from "@matrix-rendezvous/core";
import { Hono } from "hono";
import type { Metrics } from "./metrics.ts";

/** How long a part may take to say that it is there, in milliseconds. */
const PATIENCE_MS = 2_000;

/** What readiness depends on. */
export interface Readiness {
  readonly store: RendezvousStore;
  readonly homeserver: string | undefined;
  /** Aborted once the server is asked to end: it answers what it gets, and wants no more. */
  readonly draining: AbortSignal;
}

/** The pages for whoever operates the server, on a listener of their own: health and metrics. */
export function opsApp(metrics: Metrics, readiness: Readiness): Hono {
  const app = new Hono();
  metrics.showReadiness(() => check(readiness));
  app.get("/health/live", (c) => c.json({ status: "ok" }));
  app.get("/health/ready", async (c) => {
    const checks = await check(readiness);
    const ready = Object.values(checks).every((state) => state === "ok");
    return c.json({ status: ready ? "ok" : "unavailable", checks }, ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    return c.body(await metrics.registry.metrics(), 200, { "Content-Type": metrics.registry.contentType });
  });
  return app;
}

async function check({ store, homeserver, draining }: Readiness): Promise<Record<string, string>> {
  const [storeState, homeserverState] = await Promise.all([
    state(store.stats()),
    homeserver === undefined ? undefined : state(reach(homeserver)),
  ]);
  const server = draining.aborted ? "shutting down" : "ok";
  return { server, store: storeState, ...(homeserverState && { homeserver: homeserverState }) };
}

async function state(answer: Promise<unknown>): Promise<string> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("late")), PATIENCE_MS);
  try {
    await Promise.race([answer, late.promise]);
    return "ok";
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

async function reach(homeserver: string): Promise<void> {
  const url = `${homeserver.replace(/\/$/, "")}/_matrix/client/versions`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}
