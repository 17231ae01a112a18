import type { Admission, CancelOutcome, CreateOutcome, NewSession } from "@matrix-rendezvous/core";
import type { Engine } from "./engine.ts";
import { CANCEL } from "./scripts/cancel.ts";
import { CREATE } from "./scripts/create.ts";
import { channelOf, startArguments } from "./session.ts";

/** How sessions begin and end, that is, where places are given and freed. */
export interface Lifecycle {
  create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome>;
  cancel(id: string, now: number): Promise<CancelOutcome>;
}

/** The names of everything that is kept. */
export interface Keys {
  /** The ledger of all sessions' places. */
  readonly total: string;
  /** What comes before a rendezvous ID in the name of its session. */
  readonly sessions: string;
  /** What comes before an owner in the name of the ledger of its places. */
  readonly owners: string;
  /** What comes before the hash of a rendezvous ID in the name of the channel that tells of changes. */
  readonly channels: string;
}

/** On one server each is a single step. */
export function onServer(engine: Engine, { total, sessions, owners, channels }: Keys): Lifecycle {
  return {
    async create(id, session, admission, now) {
      const { owner, maxSessions, maxSessionsPerOwner, whenFull } = admission;
      const caps = [`${maxSessions}`, `${maxSessionsPerOwner}`, whenFull];
      const [type, scope, retryAt] = await engine.run(
        CREATE,
        [sessions + id, total, owners + owner],
        [id, ...startArguments(session, owner, now), ...caps, sessions, owners, channels],
      );
      return (type === "full" ? { type, scope, retryAt: Number(retryAt) } : { type }) as CreateOutcome;
    },

    async cancel(id, now) {
      const [type] = await engine.run(CANCEL, [sessions + id, total], [`${now}`, channelOf(channels, id), id, owners]);
      return { type } as CancelOutcome;
    },
  };
}
