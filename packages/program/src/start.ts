import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "./config/options.ts";
import { OpsListenError } from "./failure.ts";
import type { Logger } from "./log.ts";
import { LOOK_INTERVAL_MS } from "./ops/endings.ts";
import { opsApp } from "./ops/listener.ts";
import { openParts, type Parts } from "./parts.ts";
import { adapter } from "./runtime.ts";
import { sweep } from "./sweep.ts";
import { urlOf } from "./url.ts";

/** How often what expired sessions occupy is freed. Nothing waits for it. */
const SWEEP_INTERVAL_MS = 10_000;

/** A listener that answers. */
export interface Front {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What else an operator should know when it listens, a sentence each. */
  readonly notes?: readonly string[];
  /** Accepts nothing more, and resolves when what was asked is answered. */
  close(): Promise<void>;
}

/** How a program ends: first it asks for no more work, later it closes. */
export interface Ending {
  /** Aborted once it is asked to end: it serves as before, but wants its clients to go elsewhere. */
  readonly draining: AbortSignal;
  /** Aborted when it is about to close, so that nobody waits for long. */
  readonly shutdown: AbortSignal;
}

/** Opens the public listener. */
export type Listen<C extends Config> = (parts: Parts<C>, ending: Ending) => Promise<Front>;

/** A program that answers. */
export interface Running extends Front {
  /** Where it is operated, if anywhere. */
  readonly opsUrl: string | undefined;
}

/** Rejects with an error for people where it cannot start, with nothing left open. */
export async function start<C extends Config>(listen: Listen<C>, config: C, logger: Logger): Promise<Running> {
  const [draining, shutdown] = [new AbortController(), new AbortController()];
  const ending: Ending = { draining: draining.signal, shutdown: shutdown.signal };
  const opened: (() => Promise<void> | void)[] = [];
  const every = (intervalMs: number, task: () => Promise<void>): void => {
    const timer = setInterval(() => task().catch((error) => logger.error(error)), intervalMs);
    opened.push(() => clearInterval(timer));
  };
  const closeAll = async (): Promise<void> => {
    shutdown.abort();
    for (const end of opened.toReversed()) await end();
  };
  const close = async (): Promise<void> => {
    draining.abort();
    await pause(config["shutdown-delay"]);
    await closeAll();
  };
  try {
    const parts = await openParts(config, logger);
    opened.push(() => parts.store.close());
    const ops = await listenForOps(parts, ending);
    if (ops !== undefined) opened.push(() => ops.close());
    const front = await listen(parts, ending);
    opened.push(() => front.close());
    const { store, endings } = parts;
    every(SWEEP_INTERVAL_MS, () => sweep(store, Date.now));
    if (endings !== undefined) every(LOOK_INTERVAL_MS, () => endings.look(shutdown.signal));
    return { ...front, opsUrl: ops?.url, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function listenForOps({ config, metrics, store }: Parts, { draining }: Ending): Promise<Front | undefined> {
  const port = config["ops-port"];
  if (metrics === undefined || port === undefined) return undefined;
  const app = opsApp(metrics, { store, draining, homeserver: config.homeserver });
  const serve = await adapter();
  const listening = await serve(async (request) => app.fetch(request), { hostname: config.host, port }).catch(
    (cause) => {
      throw new OpsListenError("the operations listener cannot be opened", { cause });
    },
  );
  return { url: urlOf(config.host, listening.port), close: () => listening.close() };
}
