import {
  type Discovery,
  discover,
  type Extensions,
  type Intent,
  type Profile,
  RendezvousError,
} from "@matrix-rendezvous/client";
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { Attempt } from "./attempt.ts";
import { draw, paint, read } from "./qr/picture.ts";
import { nextStep } from "./step.ts";

/** Which devices are on this page. */
export type Cast = "both" | Intent;

/**
 * - `step`: nothing happens without a click.
 * - `play`: the same, and the clicks come by themselves.
 * - `live`: nothing is held back.
 */
export type Pace = "step" | "play" | "live";

/** What the user can choose; a change starts over. */
export interface Settings {
  readonly cast: Cast;
  readonly shows: Intent;
  readonly profile: Profile;
  /** How a device waits for the other one: the server holds its request, or it asks every second. */
  readonly waiting: "hold" | "poll";
  readonly accessToken: string;
}

/** What the server says about itself; a failure's code where it says no. */
export type Server = Discovery | RendezvousError["code"] | "asking";

export const BEAT_MS = 1_600;
const POLLING: Extensions = { longPollMs: 0, transactionIds: false };

/** The page without its looks: the settings, and the sign-in that is under way. */
export class Stage {
  readonly baseUrl: string;
  readonly settings: Signal<Settings>;
  readonly pace: Signal<Pace> = signal("step");
  readonly #server = signal<Server>("asking");
  readonly #attempt: Signal<Attempt>;
  readonly #underway: ReadonlySignal<boolean> = computed(() => this.#attempt.value.underway);

  /** @param baseUrl the server's */
  constructor(baseUrl: string, settings: Settings) {
    this.baseUrl = baseUrl;
    this.settings = signal(settings);
    this.#attempt = signal(this.#newAttempt());
    effect(() => this.#attempt.value.turns.hold(this.settings.value.cast === "both" && this.pace.value !== "live"));
    effect(() => expire(this.#attempt.value));
    effect(() => this.#play());
  }

  get attempt(): ReadonlySignal<Attempt> {
    return this.#attempt;
  }

  /** Whether a device on this page is in the middle of a sign-in. */
  get underway(): ReadonlySignal<boolean> {
    return this.#underway;
  }

  get server(): ReadonlySignal<Server> {
    return this.#server;
  }

  change(settings: Partial<Settings>): void {
    this.settings.value = { ...this.settings.value, ...settings };
    this.startOver();
  }

  startOver(): void {
    this.#attempt.value.abandon();
    this.#attempt.value = this.#newAttempt();
  }

  /** Asks the server whether this page can create sessions. */
  async ask(): Promise<void> {
    const { baseUrl } = this;
    const accessToken = this.settings.value.accessToken || undefined;
    try {
      this.#server.value = await discover({ baseUrl, accessToken });
    } catch (error) {
      this.#server.value = error instanceof RendezvousError ? error.code : "network";
    }
  }

  #newAttempt(): Attempt {
    const { cast, shows, profile, waiting, accessToken } = this.settings.value;
    return new Attempt({
      baseUrl: this.baseUrl,
      profile,
      accessToken: accessToken || undefined,
      extensions: waiting === "poll" ? POLLING : undefined,
      shows,
      present: cast === "both" ? ["new", "existing"] : [cast],
      fetch: (url, init) => globalThis.fetch(url, init),
      camera: (qrCode) => read(paint(draw(qrCode), 4)),
    });
  }

  #play(): (() => void) | undefined {
    if (this.pace.value !== "play" || this.settings.value.cast !== "both") return undefined;
    const step = nextStep(this.#attempt.value);
    if (step === undefined) return undefined;
    const timer = setTimeout(() => step.run(), BEAT_MS);
    return () => clearTimeout(timer);
  }
}

/** Lets the devices see for themselves that the session's time is over. */
function expire(attempt: Attempt): (() => void) | undefined {
  const expiresAt = attempt.wire.expiresAt.value;
  if (expiresAt === undefined) return undefined;
  const timer = setTimeout(() => attempt.expire(), expiresAt - Date.now());
  return () => clearTimeout(timer);
}
