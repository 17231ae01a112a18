import {
  CHECK_CODE_ATTEMPTS,
  ChannelError,
  type Clock,
  type Extensions,
  type Fetch,
  type Intent,
  joinChannel,
  offerChannel,
  type Profile,
  type QrCode2025,
  type SecureChannel,
  type UnconfirmedChannel,
} from "@matrix-rendezvous/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { INITIATE, OK } from "../wire/revision.ts";
import type { Turns } from "../wire/turns.ts";
import type { Wire } from "../wire/wire.ts";
import { letIn, type Spoken, signIn } from "./conversation.ts";
import { CANCELLED, EXPIRED, type Failure, failureOf } from "./failure.ts";

/**
 * Where a device stands.
 *
 * - `offering`: shows a QR code.
 * - `joining`: has scanned one, and waits for an answer that only the other device can give.
 * - `confirming`: has answered somebody, and wants to see the check code.
 * - `talking`: the channel is secure.
 */
export type DeviceState =
  | { readonly name: "idle" | "starting" | "joining" | "talking" | "done" }
  | { readonly name: "offering"; readonly qrCode: Uint8Array }
  | { readonly name: "confirming"; readonly attemptsLeft: number }
  | { readonly name: "failed"; readonly failure: Failure };

/** How a device reaches the server. */
export interface DeviceOptions {
  readonly baseUrl: string;
  readonly profile: Profile;
  readonly accessToken?: string | undefined;
  /** @default what the server says */
  readonly extensions?: Extensions | undefined;
  readonly clock?: Clock | undefined;
}

/** A device on the page: one end of a sign-in, with keys of its own that nothing else on the page can reach. */
export class Device {
  readonly intent: Intent;
  readonly #wire: Wire;
  readonly #fetch: Fetch;
  readonly #state = signal<DeviceState>({ name: "idle" });
  readonly #checkCode = signal<string | undefined>(undefined);
  readonly #handshakeMs = signal<number | undefined>(undefined);
  readonly #spoken = signal<readonly Spoken[]>([]);
  readonly #run = new AbortController();
  #baseUrl = "";
  #saying: string | undefined;
  #over = false;
  #unconfirmed: UnconfirmedChannel | undefined;
  #cancel: (() => Promise<void>) | undefined;

  constructor(intent: Intent, wire: Wire, turns: Turns) {
    this.intent = intent;
    this.#wire = wire;
    let reading = false;
    this.#fetch = wire.fetchAs(intent, {
      saying: () => this.#saying,
      pass: async (method, url, signal) => {
        // Whoever joins reads the slot once to see that it is empty; what is held back are the reads that wait for news.
        const waits = method === "GET" && reading && /\/rendezvous\/[^/]+$/.test(url);
        if (method !== "GET") reading = true;
        if (waits) await turns.wait(intent, signal);
      },
    });
  }

  get state(): ReadonlySignal<DeviceState> {
    return this.#state;
  }

  /** What this device shows for the user to type into the other one. */
  get checkCode(): ReadonlySignal<string | undefined> {
    return this.#checkCode;
  }

  /** How long it took from the scan to the check code, in milliseconds. */
  get handshakeMs(): ReadonlySignal<number | undefined> {
    return this.#handshakeMs;
  }

  get spoken(): ReadonlySignal<readonly Spoken[]> {
    return this.#spoken;
  }

  /** Creates a session and shows its QR code; resolves where the check code is needed, or where it fails. */
  async show(options: DeviceOptions): Promise<void> {
    await this.#orFail(async (signal) => {
      this.#begin(options);
      const { intent } = this;
      const offer = await offerChannel({ ...options, intent, fetch: this.#fetch, signal });
      this.#cancel = () => offer.cancel();
      signal.throwIfAborted();
      this.#state.value = { name: "offering", qrCode: offer.qrCode };
      this.#saying = OK;
      const unconfirmed = await offer.accept({ signal });
      this.#wire.reveal(intent, INITIATE);
      this.#cancel = () => unconfirmed.cancel();
      signal.throwIfAborted();
      this.#unconfirmed = unconfirmed;
      this.#state.value = { name: "confirming", attemptsLeft: CHECK_CODE_ATTEMPTS };
      if (this.#over) this.expire();
    });
  }

  /** Joins the session of a QR code; resolves when the sign-in is over. */
  async scan(qrCode: QrCode2025, options: DeviceOptions): Promise<void> {
    await this.#orFail(async (signal) => {
      this.#begin(options);
      const { intent } = this;
      this.#state.value = { name: "joining" };
      const startedAt = performance.now();
      this.#saying = INITIATE;
      const channel = await joinChannel({ ...options, qrCode, intent, fetch: this.#fetch, signal });
      this.#wire.reveal(intent, OK);
      this.#cancel = () => channel.cancel();
      signal.throwIfAborted();
      this.#handshakeMs.value = performance.now() - startedAt;
      this.#checkCode.value = channel.checkCode;
      await this.#talk(channel, true);
    });
  }

  /** Takes the code that the user read on the other device; resolves when the sign-in is over, or the code is wrong. */
  async confirm(code: string): Promise<void> {
    const unconfirmed = this.#unconfirmed;
    if (unconfirmed === undefined) return;
    await this.#orFail(async () => {
      const channel = this.#check(unconfirmed, code);
      if (channel === undefined) return;
      this.#unconfirmed = undefined;
      await this.#talk(channel, false);
    });
  }

  /** What the user does where something is wrong: ends it for both devices. */
  async cancel(): Promise<void> {
    this.#run.abort();
    this.#state.value = { name: "failed", failure: CANCELLED };
    await this.#end();
  }

  /** The session's time is over. Where this device waits for its user only, nothing else would tell. */
  expire(): void {
    this.#over = true;
    if (this.#state.value.name !== "confirming") return;
    this.#unconfirmed = undefined;
    this.#state.value = { name: "failed", failure: EXPIRED };
  }

  /** Stops without telling anybody. */
  abandon(): void {
    this.#run.abort();
  }

  #begin({ baseUrl }: DeviceOptions): void {
    this.#state.value = { name: "starting" };
    this.#baseUrl = baseUrl;
  }

  #check(unconfirmed: UnconfirmedChannel, code: string): SecureChannel | undefined {
    try {
      return unconfirmed.confirm(code);
    } catch (error) {
      const attemptsLeft = (error instanceof ChannelError && error.attemptsLeft) || 0;
      if (attemptsLeft === 0) throw error;
      this.#state.value = { name: "confirming", attemptsLeft };
      return undefined;
    }
  }

  async #talk(channel: SecureChannel, scanned: boolean): Promise<void> {
    this.#cancel = () => channel.cancel();
    this.#state.value = { name: "talking" };
    const tell = (spoken: Spoken): void => {
      if (spoken.by === "me") this.#saying = spoken.text;
      else this.#wire.reveal(this.intent, spoken.text);
      this.#spoken.value = [...this.#spoken.value, spoken];
    };
    const talk = { channel, scanned, tell, baseUrl: this.#baseUrl, signal: this.#run.signal };
    await (this.intent === "new" ? signIn(talk) : letIn(talk));
    this.#state.value = { name: "done" };
    // The last one to read tidies up: nothing is left on the server.
    if (this.intent === "new") await this.#end();
  }

  async #orFail(operation: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#run;
    try {
      await operation(signal);
    } catch (error) {
      if (!signal.aborted) this.#state.value = { name: "failed", failure: failureOf(error) };
      await this.#end();
    }
  }

  /** Ends the session, so that the other device need not wait for its time to be over. */
  async #end(): Promise<void> {
    if (this.#wire.ended.value) return;
    const cancel = this.#cancel ?? (() => this.#wire.end(this.intent));
    this.#cancel = undefined;
    // Where the server cannot be told, the session ends by itself.
    await cancel().catch(() => {});
  }
}
