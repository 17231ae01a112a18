import type { Admission } from "@matrix-rendezvous/core";
import type { Answer } from "../answer.ts";
import { ask, type ModelSession, type SessionRequest } from "./session.ts";

interface Place extends ModelSession {
  readonly id: string;
  readonly owner: string;
}

/** A store as an array of sessions, searched from end to end: what fast stores are compared with. */
export class ReferenceModel {
  #places: readonly Place[] = [];

  /** The session that a request with this ID meets, be it live or not. */
  find(id: string): ModelSession | undefined {
    return this.#places.find((place) => place.id === id);
  }

  /** When the sessions end, live ones and those that may have been swept. */
  get ends(): readonly number[] {
    return this.#places.map((place) => place.expiresAt);
  }

  create(id: string, request: SessionRequest & { type: "create" }, admission: Admission, now: number): Answer {
    const { session, answer } = ask(this.find(id), request, now);
    if (answer.type === "exists" || session === undefined) return answer;
    const { owner, maxSessions, maxSessionsPerOwner, whenFull } = admission;
    const live = this.live(now);
    const owned = live.filter((place) => place.owner === owner);
    const ownFull = owned.length >= maxSessionsPerOwner;
    if (ownFull || live.length >= maxSessions) {
      const oldest = (ownFull ? owned : live).toSorted((left, right) => left.expiresAt - right.expiresAt)[0];
      const retryAt = oldest?.expiresAt ?? Number.NaN;
      if (whenFull === "reject") return { type: "full", scope: ownFull ? "owner" : "total", retryAt };
      this.#places = this.#places.filter((place) => place !== oldest);
    }
    this.#replace(id, { ...session, id, owner });
    return answer;
  }

  ask(id: string, request: Exclude<SessionRequest, { type: "create" }>, now: number): Answer {
    const place = this.#places.find((other) => other.id === id);
    const { session, answer } = ask(place, request, now);
    if (answer.type === "cancelled") this.#replace(id);
    else if (place !== undefined && session !== undefined) this.#replace(id, { ...place, ...session });
    return answer;
  }

  live(now: number): readonly Place[] {
    return this.#places.filter((place) => now < place.expiresAt);
  }

  /** How many sessions a store may say it holds: it may keep the expired ones, or have removed some of them. */
  sizes(now: number): { least: number; most: number } {
    return { least: this.live(now).length, most: this.#places.length };
  }

  sweep(now: number): void {
    this.#places = this.live(now);
  }

  #replace(id: string, place?: Place): void {
    this.#places = [...this.#places.filter((other) => other.id !== id), ...(place ? [place] : [])];
  }
}
