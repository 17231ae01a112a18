import type { Section } from "../section.ts";
import { flows, reads } from "./beside-bare.ts";
import { capacity } from "./capacity.ts";
import { growth, growthDenoKv, growthPostgres, growthRedis, growthSqlite } from "./growth.ts";
import { growthHttp } from "./growth-http.ts";
import { limits, limitsRedis } from "./limits.ts";
import { longPoll } from "./long-poll.ts";
import { proxy } from "./proxy.ts";
import { reusePort } from "./reuse-port.ts";
import { sessionBytes } from "./session-bytes.ts";
import { startUp } from "./start-up.ts";
import { stores } from "./stores.ts";
import { synapse } from "./synapse.ts";

/** By the word that chooses them, in the order in which they run. */
export const SECTIONS: Readonly<Record<string, Section>> = {
  flows,
  reads,
  synapse,
  stores,
  limits,
  "limits-redis": limitsRedis,
  "long-poll": longPoll,
  "start-up": startUp,
  "reuse-port": reusePort,
  proxy,
  growth,
  "growth-http": growthHttp,
  "growth-sqlite": growthSqlite,
  "session-bytes": sessionBytes,
  capacity,
  "growth-redis": growthRedis,
  "growth-postgres": growthPostgres,
  "growth-deno-kv": growthDenoKv,
};
