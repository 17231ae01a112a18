import type { CpuClock } from "./cpu.ts";
import { inTurns, type Turns } from "./turns.ts";

/** What answers requests, and how its CPU time is told. */
export interface Answering {
  readonly url: string;
  readonly cpu: CpuClock;
}

/**
 * The CPU time that servers take for a request, in microseconds, of each of them and round by round.
 *
 * @param load sends requests to a server, and says how many
 */
export function cpuPerRequest<T extends Answering>(
  servers: readonly T[],
  turns: Turns,
  load: (server: T) => Promise<number>,
): Promise<number[][]> {
  return inTurns(servers, turns, async (server) => {
    const before = server.cpu.us();
    const requests = await load(server);
    return (server.cpu.us() - before) / requests;
  });
}
