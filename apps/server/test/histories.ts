import { assertLinearizable, type Observed, type SessionOperation } from "@matrix-rendezvous/testkit";
import fc from "fast-check";
import type { ServerProcess } from "./server-process.ts";
import { ask, create, type Reply, type Slot, write } from "./sessions.ts";

/** Longer than any test takes: nothing expires while it is recorded. */
const LIFETIME_MS = 300_000;

interface Step {
  readonly server: number;
  readonly action: "read" | "write" | "rewrite" | "cancel";
  /** What all clients write, or what only this step does. */
  readonly shared: boolean;
  readonly transaction: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  server: fc.nat(7),
  action: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("read" as const, "rewrite" as const) },
    { weight: 5, arbitrary: fc.constant("write" as const) },
    { weight: 1, arbitrary: fc.constant("cancel" as const) },
  ),
  shared: fc.boolean(),
  transaction: fc.boolean(),
});

/** What each of some clients does, one thing after the other, while the others do theirs. */
const plans: fc.Arbitrary<Step[][]> = fc.array(fc.array(step, { minLength: 2, maxLength: 4 }), {
  minLength: 3,
  maxLength: 4,
});

/** On a busy machine a store may now and then not answer in time; more often than this, and something is wrong. */
const MOST_INCONCLUSIVE = 0.02;

/**
 * Records what several clients do at once with one session, each request at whichever server, and checks it against the
 * rules of one session; as many times as said. A history in which a store did not answer in time is not checked: which
 * token a write would have had, nobody knows.
 *
 * @param seed makes the plans; what the servers do at the same time is theirs
 * @returns how many histories were checked
 */
export async function assertHistoriesLinearizable(
  servers: readonly ServerProcess[],
  count: number,
  seed: number,
): Promise<number> {
  let checked = 0;
  for (const plan of fc.sample(plans, { seed, numRuns: count })) {
    const recorder = await Recorder.start(servers);
    const followed = await Promise.allSettled(plan.map((steps, client) => recorder.follow(steps, client)));
    const failures = followed.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    const wrong = failures.find((reason) => !(reason instanceof Unanswered));
    if (wrong !== undefined) throw wrong;
    if (failures.length > 0) continue;
    assertLinearizable(recorder.history);
    checked += 1;
  }
  if (count - checked > count * MOST_INCONCLUSIVE)
    throw new Error(`only ${checked} of ${count} histories had all answers`);
  return checked;
}

/** The store did not answer in time. */
class Unanswered extends Error {}

class Recorder {
  readonly history: SessionOperation[] = [];
  readonly #servers: readonly ServerProcess[];
  readonly #slot: Slot;
  #ticks = 0;

  private constructor(servers: readonly ServerProcess[], slot: Slot) {
    this.#servers = servers;
    this.#slot = slot;
    const now = Date.now();
    const request = { type: "create", token: slot.token, payload: "start", expiresAt: now + LIFETIME_MS } as const;
    this.history.push({
      calledAt: ++this.#ticks,
      returnedAt: ++this.#ticks,
      now,
      request,
      answer: { type: "created" },
    });
  }

  static async start(servers: readonly ServerProcess[]): Promise<Recorder> {
    return new Recorder(servers, await create(servers[0]?.url ?? "", "start"));
  }

  async follow(steps: readonly Step[], client: number): Promise<void> {
    let { token } = this.#slot;
    let last = { token, data: "start", transactionId: undefined as string | undefined };
    for (const [index, { server, action, shared, transaction }] of steps.entries()) {
      const url = this.#servers[server % this.#servers.length]?.url ?? "";
      if (action === "write") {
        const own = `client ${client} step ${index}`;
        const transactionId = transaction ? (shared ? "shared" : own.replaceAll(" ", "-")) : undefined;
        last = { token, data: shared ? "shared" : own, transactionId };
      }
      const seen = await this.#do(url, action, last);
      if (seen !== undefined) token = seen;
    }
  }

  /** @returns the token that the answer told, if any */
  async #do(
    url: string,
    action: Step["action"],
    { token, data, transactionId }: { token: string; data: string; transactionId: string | undefined },
  ): Promise<string | undefined> {
    const { id } = this.#slot;
    const calledAt = ++this.#ticks;
    const now = Date.now();
    const reply =
      action === "read" || action === "cancel"
        ? await ask(url, action === "read" ? "GET" : "DELETE", `/${id}`)
        : await write(url, { id, token }, data, transactionId);
    const told = reply.body["sequence_token"];
    const next = String(told);
    const request =
      action === "read" || action === "cancel"
        ? ({ type: action } as const)
        : ({ type: "write", expected: token, next, payload: data, transactionId } as const);
    this.history.push({ calledAt, returnedAt: ++this.#ticks, now, request, answer: observed(request.type, reply) });
    return typeof told === "string" ? told : undefined;
  }
}

/** What an answer says of what the store did. HTTP answers a write, a retry and a repeated transaction alike. */
function observed(request: "read" | "write" | "cancel", { status, body }: Reply): Observed {
  if (status === 404) return { type: "absent" };
  if (status === 409) return { type: "conflict" };
  if (status === 503) throw new Unanswered(`a ${request} was not answered`);
  if (status !== 200) throw new Error(`a ${request} was answered ${status} ${JSON.stringify(body)}`);
  const token = String(body["sequence_token"]);
  if (request === "read") return { type: "found", token, payload: String(body["data"]) };
  return request === "write" ? { type: ["written", "unchanged", "replayed"], token } : { type: "cancelled" };
}
