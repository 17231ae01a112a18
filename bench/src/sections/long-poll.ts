import { connectDevices } from "../../../packages/client/test/devices.ts";
import { BUDGETS } from "../budgets.ts";
import type { Section } from "../section.ts";
import { startServer } from "../servers.ts";
import { withTargets } from "../target.ts";
import { inTurns } from "../turns.ts";

/** How many handshakes a round has: those that poll wait most of the time. */
const HANDSHAKES = { held: 20, polling: 1 };

type Way = keyof typeof HANDSHAKES;

const EXTENSIONS = {
  /** What the server offers. */
  held: undefined,
  /** As with a server that knows no more than the MSC. */
  polling: { longPollMs: 0, transactionIds: false },
} as const;

/** The whole handshake of two of our clients: reads that are held until there is news, against polling each second. */
export const longPoll: Section = {
  needs: [],
  async measure(effort) {
    const [held = [], polling = []] = await withTargets([() => startServer("ours", "bun")], ([server]) =>
      inTurns(["held", "polling"] as const, effort, (way) => handshakeMs(server?.url ?? "", way)),
    );
    const longPoll = { name: "long-polling", rounds: held, ours: true, budget: BUDGETS.handshake };
    const each = { name: "polling each second", rounds: polling, ours: true, against: longPoll.name };
    return [{ name: "Secure-channel handshake of two clients", unit: "ms", rows: [longPoll, each], isCharted: true }];
  },
};

/** How long one takes, on average over the round's. */
async function handshakeMs(baseUrl: string, way: Way): Promise<number> {
  const startedAt = performance.now();
  for (let handshake = 0; handshake < HANDSHAKES[way]; handshake += 1) {
    const extensions = EXTENSIONS[way];
    await connectDevices({ baseUrl, ...(extensions && { extensions }) }, "msc");
  }
  return (performance.now() - startedAt) / HANDSHAKES[way];
}
