import type { Buffer } from "node:buffer";
import type { Engine } from "./engine.ts";
import type { Keys, Lifecycle } from "./lifecycle.ts";
import { CANCEL } from "./scripts/cancel.ts";
import { RESERVE } from "./scripts/reserve.ts";
import { START } from "./scripts/start.ts";
import { channelOf, lifetimeMs, startArguments } from "./session.ts";

/**
 * On a cluster every session is in a slot of its own, its owner's ledger in another, the ledger of all in a third. So
 * places are taken before a session starts and freed after it ended: the caps are not exceeded, and whoever is cut off
 * in between leaves at worst a place that stays taken until the session would have ended.
 */
export function onCluster(engine: Engine, { total, sessions, owners, channels }: Keys): Lifecycle {
  const free = async (ledgers: readonly string[], id: string): Promise<void> => {
    // A place that could not be freed frees itself in time, so this is no reason to fail.
    await Promise.allSettled(ledgers.map((ledger) => engine.send("zrem", ledger, id)));
  };

  const liveOwner = async (id: string, now: number): Promise<string | undefined> => {
    const [expires, owner] = await engine.send<(Buffer | null)[]>("hmget", sessions + id, "expires", "owner");
    return expires && now < Number(expires) ? String(owner) : undefined;
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
      const ask = (how: string) =>
        engine.run(RESERVE, [ledger], [`${now}`, id, `${expiresAt}`, lifetimeMs(expiresAt, now), `${cap}`, how]);
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
      if (answer === "reserved") taken.push(ledger);
      for (const victim of rest) await cancel(victim, now);
      return undefined;
    };

    try {
      const refusal = (await take("owner", owned, maxSessionsPerOwner)) ?? (await take("total", total, maxSessions));
      if (refusal !== undefined) return refusal;
    } catch (error) {
      // Nothing was started. Not waited for: the node that is away may be the very one to tell.
      void free(taken, id);
      throw error;
    }
    const [type, itsOwner] = await engine.run(START, [sessions + id], starting);
    return type === "created" ? { type } : await exists(itsOwner);
  };

  return { create, cancel };
}
