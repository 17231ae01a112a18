import type { Buffer } from "node:buffer";
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import type { Keys, Lifecycle } from "./lifecycle.ts";
import { CANCEL } from "./scripts/cancel.ts";
import { RESERVE } from "./scripts/reserve.ts";
import { START } from "./scripts/start.ts";
import { channelOf, lifetimeMs, startArguments } from "./session.ts";

/** How long to wait before each attempt to give places back, in milliseconds. */
const GIVE_BACK_MS = [0, 100, 500, 2000];

/**
 * On a cluster every session is in a slot of its own, its owner's ledger in another, the ledger of all in a third. So
 * places are taken before a session starts and freed after it ended: the caps are not exceeded, and whoever is cut off
 * in between leaves at worst a place that stays taken until the session would have ended.
 */
export function onCluster(engine: Engine, { total, sessions, owners, channels }: Keys): Lifecycle {
  /** Gives the ledgers in which it could not be done: places free themselves in time, so this is no reason to fail. */
  const free = async (ledgers: readonly string[], id: string): Promise<string[]> => {
    const answers = await Promise.allSettled(ledgers.map((ledger) => engine.send("zrem", ledger, id)));
    return ledgers.filter((_, index) => answers[index]?.status === "rejected");
  };

  const liveOwner = async (id: string, now: number): Promise<string | undefined> => {
    const [expires, owner] = await engine.send<(Buffer | null)[]>("hmget", sessions + id, "expires", "owner");
    return expires && now < Number(expires) ? String(owner) : undefined;
  };

  /** Frees the places of a creation that was cut off; what cut it off may keep it from that as well, for a while. */
  const giveBack = async (ledgers: readonly string[], id: string, now: number): Promise<void> => {
    let left = ledgers;
    for (const waitMs of GIVE_BACK_MS) {
      if (left.length === 0) return;
      await pause(waitMs);
      // A session that has the ID has these places; where it cannot be read, none could be started.
      const isLive = (await liveOwner(id, now).catch(() => undefined)) !== undefined;
      left = isLive ? [] : await free(left, id);
    }
  };

  const cancel: Lifecycle["cancel"] = async (id, now) => {
    const [type, owner] = await engine.run(CANCEL, [sessions + id], [`${now}`, channelOf(channels, id)]);
    if (type !== "cancelled") return { type: "absent" };
    await free([total, owners + owner], id);
    return { type };
  };

  const create: Lifecycle["create"] = async (id, session, admission, now) => {
    const { owner, maxSessions, maxSessionsPerOwner, whenFull } = admission;
    const { expiresAt } = session;
    // Now, and not once the places are taken: the payload is the caller's to change again by then.
    const starting = startArguments(session, owner, now);
    const owned = owners + owner;
    const taken: string[] = [];

    const exists = async (itsOwner: string | undefined) => {
      // The places that are held are then that session's own, but for one in another owner's ledger.
      if (itsOwner !== owner && taken.includes(owned)) await free([owned], id);
      return { type: "exists" } as const;
    };

    /** Takes a place; else gives why there is none. */
    const take = async (scope: "owner" | "total", ledger: string, cap: number) => {
      const ask = async (how: string) => {
        // Until it is answered, it may be.
        taken.push(ledger);
        const reservation = [`${now}`, id, `${expiresAt}`, lifetimeMs(expiresAt, now), `${cap}`, how];
        const answer = await engine.run(RESERVE, [ledger], reservation);
        if (answer[0] !== "reserved") taken.pop();
        return answer;
      };
      let [answer, ...rest] = await ask("reject");
      if (answer === "full") {
        const itsOwner = await liveOwner(id, now);
        if (itsOwner !== undefined) return await exists(itsOwner);
        if (whenFull === "evict-oldest") [answer, ...rest] = await ask(whenFull);
      }
      if (answer === "full") {
        await free(taken, id);
        return { type: "full", scope, retryAt: Number(rest[0]) } as const;
      }
      for (const victim of rest) await cancel(victim, now);
      return undefined;
    };

    try {
      const refusal = (await take("owner", owned, maxSessionsPerOwner)) ?? (await take("total", total, maxSessions));
      if (refusal !== undefined) return refusal;
    } catch (error) {
      // Nothing was started. Not waited for: the node that is away may be the very one to tell.
      void giveBack(taken, id, now);
      throw error;
    }
    const [type, itsOwner] = await engine.run(START, [sessions + id], starting);
    return type === "created" ? { type } : await exists(itsOwner);
  };

  return { create, cancel };
}
