import type { AnswerEvent } from "@matrix-rendezvous/http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** From a memory store's microseconds to a time-out. */
const SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5];

/** Why a request was refused, where its status says it. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: "invalid",
  401: "unauthenticated",
  403: "forbidden",
  408: "too_slow",
  413: "too_large",
};

/** What this server counts, in Prometheus' conventions. No label takes more than a few values. */
export class Metrics {
  /** All of them, and those of the process. */
  readonly registry: Registry = new Registry();

  readonly #requests = new Counter({
    name: "rendezvous_http_requests_total",
    help: "Requests answered, by route, method and status.",
    labelNames: ["route", "method", "status"],
    registers: [this.registry],
  });

  readonly #durations = new Histogram({
    name: "rendezvous_http_request_duration_seconds",
    help: "From a request's head to its answer. A read that waits for a change takes as long as it waits.",
    labelNames: ["route", "method"],
    buckets: SECONDS,
    registers: [this.registry],
  });

  /** Operations of the store by how they came out: sessions created, cancelled, conflicts, retries, refusals. */
  readonly operations: Counter<"operation" | "outcome"> = new Counter({
    name: "rendezvous_store_operations_total",
    help: "Operations of the session store, by their outcome.",
    labelNames: ["operation", "outcome"],
    registers: [this.registry],
  });

  /** How long operations of the store took, in seconds. */
  readonly storeDurations: Histogram<"operation"> = new Histogram({
    name: "rendezvous_store_operation_duration_seconds",
    help: "How long the session store took.",
    labelNames: ["operation"],
    buckets: SECONDS,
    registers: [this.registry],
  });

  /** Sessions that nobody cancelled, by whether they had been read. */
  readonly expired: Counter<"read"> = new Counter({
    name: "rendezvous_sessions_expired_total",
    help: "Sessions created here that nobody cancelled, by whether anybody wrote after the creation, and so had read them.",
    labelNames: ["read"],
    registers: [this.registry],
  });

  /** Refused requests, by the reason. */
  readonly rejections: Counter<"reason"> = new Counter({
    name: "rendezvous_rejections_total",
    help: "Requests refused, by why: a cap (full_…), a rate limit (rate_…), or what was wrong with them.",
    labelNames: ["reason"],
    registers: [this.registry],
  });

  /** Access tokens that were checked, by the answer. */
  readonly verifications: Counter<"verdict"> = new Counter({
    name: "rendezvous_token_verifications_total",
    help: "Access tokens checked with the homeserver or the authorization server, by the answer.",
    labelNames: ["verdict"],
    registers: [this.registry],
  });

  /**
   * All begin at zero.
   *
   * @param maxSessions the cap on live sessions, of all the servers on one store together
   */
  constructor(maxSessions: number) {
    collectDefaultMetrics({ register: this.registry });
    // There from the beginning: a rate needs to see the first one, too.
    for (const read of ["yes", "no", "unknown"]) this.expired.inc({ read }, 0);
    new Gauge({
      name: "rendezvous_sessions_limit",
      help: "Most live sessions in the store, as configured.",
      registers: [this.registry],
    }).set(maxSessions);
  }

  /** Shows, whenever somebody looks, which of the parts that readiness depends on are "ok". */
  showReadiness(check: () => Promise<Readonly<Record<string, string>>>): void {
    new Gauge({
      name: "rendezvous_ready",
      help: "1 for what is ready, 0 for what is not: the server itself (0 once it is asked to end), the store, the homeserver.",
      labelNames: ["part"],
      registers: [this.registry],
      async collect() {
        for (const [part, state] of Object.entries(await check())) this.set({ part }, state === "ok" ? 1 : 0);
      },
    });
  }

  /** Shows what `sessions` gives whenever somebody looks. */
  countSessions(sessions: () => Promise<number>): void {
    new Gauge({
      name: "rendezvous_sessions",
      help: "Live sessions in the store.",
      registers: [this.registry],
      async collect() {
        // A store that is away has no number; the page is for finding that out, so it must come all the same.
        this.set(await sessions().catch(() => Number.NaN));
      },
    });
  }

  /** Counts an answered request. */
  readonly answered = ({ route, method, status, durationMs }: AnswerEvent): void => {
    const refusal = REFUSALS[status];
    if (refusal !== undefined) this.rejections.inc({ reason: refusal });
    this.#requests.inc({ route, method, status });
    this.#durations.observe({ route, method }, durationMs / 1000);
  };
}
