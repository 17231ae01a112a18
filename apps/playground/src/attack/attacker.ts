import { decodeQrCode, joinSession, type Profile, type QrCode2025, RendezvousError } from "@matrix-rendezvous/client";
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { PayloadKind } from "../wire/revision.ts";
import type { Turns } from "../wire/turns.ts";
import type { Wire } from "../wire/wire.ts";
import { type Attack, flipped, forged, replayable } from "./attacks.ts";
import { swapKey } from "./swap.ts";

/** What the attacker did last. */
export interface Strike {
  readonly attack: Attack;
  /** The check code that the attacker shares with the device whose offer it took. */
  readonly checkCode?: string | undefined;
}

/** What the attacker needs to know of the sign-in beyond what goes over the wire. */
export interface Target {
  readonly baseUrl: string;
  readonly profile: Profile;
  /** The code, if it can be seen. */
  readonly qrCode: () => Uint8Array | undefined;
}

const NO_EXTENSIONS = { longPollMs: 0, transactionIds: false };
/** How often to try again where a device writes at the same moment. */
const ATTEMPTS = 5;

/** Somebody who knows the session's ID, as the server does, and has looked over the shoulder of whoever scans. */
export class Attacker {
  readonly #wire: Wire;
  readonly #turns: Turns;
  readonly #target: Target;
  readonly #strike = signal<Strike | undefined>(undefined);
  readonly #gone = new AbortController();
  /** Why an attack makes no sense at the moment, for those that do not. */
  readonly obstacles: ReadonlySignal<Partial<Record<Attack, string>>> = computed(() => this.#obstacles());

  constructor(wire: Wire, turns: Turns, target: Target) {
    this.#wire = wire;
    this.#turns = turns;
    this.#target = target;
  }

  get strike(): ReadonlySignal<Strike | undefined> {
    return this.#strike;
  }

  /** Does it; rejects where the server does not let it happen. */
  async attack(attack: Attack): Promise<void> {
    const deeds: Readonly<Record<Attack, () => Promise<void>>> = {
      read: () => this.#read(),
      overwrite: () => this.#write(forged, "unknown"),
      flip: () => this.#write(flipped, this.#kind()),
      replay: () => this.#replay(),
      swap: () => this.#swap(),
    };
    await deeds[attack]();
    this.#strike.value = { attack };
  }

  abandon(): void {
    this.#gone.abort();
  }

  #obstacles(): Partial<Record<Attack, string>> {
    const attacks: readonly Attack[] = ["read", "overwrite", "flip", "replay", "swap"];
    const revisions = this.#wire.revisions.value;
    const last = revisions.at(-1);
    const none = last === undefined ? "There is no session yet." : "The session is gone.";
    if (last === undefined || this.#wire.ended.value) return Object.fromEntries(attacks.map((name) => [name, none]));
    const obstacles: Partial<Record<Attack, string>> = {};
    if (last.data === "") obstacles.flip = "The slot is empty: there is no bit to flip.";
    if (replayable(revisions) === undefined) obstacles.replay = "Nothing was said yet.";
    const underway = last.kind === "initiate" && last.writer !== "attacker" && last.readers.length === 0;
    if (!underway || !this.#turns.held.value) {
      obstacles.swap = "Keys travel in the first message only. With both devices here, step by step, you can catch it.";
    }
    return obstacles;
  }

  async #read(): Promise<void> {
    await this.#join();
  }

  async #replay(): Promise<void> {
    const message = replayable(this.#wire.revisions.value);
    if (message) await this.#write(() => message.data, message.kind);
  }

  async #write(change: (data: string) => string, kind: PayloadKind): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const slot = await this.#join();
      try {
        await slot.send(change(slot.latest.data));
        return this.#wire.resemble(kind);
      } catch (error) {
        if (!(error instanceof RendezvousError && error.code === "conflict") || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #swap(): Promise<void> {
    const qrCode = this.#qrCode();
    const firstToken = this.#wire.revisions.value[0]?.sequenceToken;
    if (qrCode === undefined || firstToken === undefined) return;
    const { promise: written, resolve, reject } = Promise.withResolvers<void>();
    const { profile } = this.#target;
    const fetch = this.#wire.fetchAs("attacker");
    const channel = swapKey({ qrCode, profile, fetch, firstToken, signal: this.#gone.signal, written: resolve });
    // What becomes of the channel shows later; that it comes to nothing is no error.
    channel.then(({ checkCode }) => (this.#strike.value = { attack: "swap", checkCode }), reject);
    await written;
    this.#wire.resemble("initiate");
  }

  #qrCode(): QrCode2025 | undefined {
    const decoded = decodeQrCode(this.#target.qrCode() ?? new Uint8Array());
    return decoded.ok && decoded.value.version === "2025" ? decoded.value : undefined;
  }

  #kind(): PayloadKind {
    return this.#wire.revisions.value.at(-1)?.kind ?? "unknown";
  }

  #join(): ReturnType<typeof joinSession> {
    const id = this.#wire.sessionUrl?.split("/").at(-1) ?? "";
    const fetch = this.#wire.fetchAs("attacker");
    return joinSession({ baseUrl: this.#target.baseUrl, id, fetch, extensions: NO_EXTENSIONS });
  }
}
