import { decodeQrCode, type Fetch, type Intent, type Profile, type QrCode2025 } from "@matrix-rendezvous/client";
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { Attacker } from "./attack/attacker.ts";
import { judge, type Verdict } from "./attack/verdict.ts";
import { Device, type DeviceOptions } from "./device/device.ts";
import { Turns } from "./wire/turns.ts";
import { Wire } from "./wire/wire.ts";

/** How a sign-in is to be played. */
export interface AttemptOptions extends DeviceOptions {
  readonly profile: Profile;
  /** Which device shows the code. */
  readonly shows: Intent;
  /** The devices that are on this page. */
  readonly present: readonly Intent[];
  readonly fetch: Fetch;
  /** What the device that scans makes of the code that the other one shows on the same page. */
  readonly camera: (qrCode: Uint8Array) => Uint8Array | undefined;
}

/** One sign-in, from the first request to the last, with all that can be seen of it on this page. */
export class Attempt {
  readonly options: AttemptOptions;
  readonly wire: Wire;
  readonly turns: Turns = new Turns();
  readonly devices: Readonly<Record<Intent, Device>>;
  readonly attacker: Attacker;
  readonly verdict: ReadonlySignal<Verdict | undefined> = computed(() => this.#judge());
  readonly #scanProblem = signal<string | undefined>(undefined);

  constructor(options: AttemptOptions) {
    this.options = options;
    this.wire = new Wire(options.fetch);
    this.devices = {
      new: new Device("new", this.wire, this.turns),
      existing: new Device("existing", this.wire, this.turns),
    };
    const qrCode = (): Uint8Array | undefined => this.shownCode;
    this.attacker = new Attacker(this.wire, this.turns, { ...options, qrCode });
  }

  /** The QR code that a device on this page shows. */
  get shownCode(): Uint8Array | undefined {
    const states = Object.values(this.devices).map((device) => device.state.value);
    return states.find((state) => state.name === "offering")?.qrCode;
  }

  /** Whether a device on this page is in the middle of it. */
  get underway(): boolean {
    return Object.values(this.devices).some(({ state }) => !["idle", "done", "failed"].includes(state.value.name));
  }

  /** Why the code that was scanned last cannot be used, if so. */
  get scanProblem(): ReadonlySignal<string | undefined> {
    return this.#scanProblem;
  }

  async show(device: Intent): Promise<void> {
    await this.devices[device].show(this.options);
  }

  /** Takes what a camera saw; resolves at once where it cannot be used, else when the sign-in is over. */
  async scan(device: Intent, bytes: Uint8Array): Promise<void> {
    const usable = this.#usable(bytes);
    this.#scanProblem.value = typeof usable === "string" ? usable : undefined;
    if (typeof usable !== "string") await this.devices[device].scan(usable, this.options);
  }

  /** The session's time is over: what was held back sees that for itself. */
  expire(): void {
    this.turns.hold(false);
    for (const device of Object.values(this.devices)) device.expire();
  }

  /** Stops all that is under way, and takes the session from the server. */
  abandon(): void {
    const { underway } = this;
    for (const device of Object.values(this.devices)) device.abandon();
    this.attacker.abandon();
    const [sender = "new"] = this.options.present;
    // Nobody is left to hear that the server cannot be told. After a sign-in, the slot may still be read by the other page.
    if (underway) this.wire.end(sender).catch(() => {});
  }

  #usable(bytes: Uint8Array): QrCode2025 | string {
    const decoded = decodeQrCode(bytes);
    if (!decoded.ok) return `This is no code to sign in with: ${decoded.error.message}.`;
    if (decoded.value.version === "2024") return "This code is of the 2024 version, which this page does not speak.";
    const { origin } = new URL(this.options.baseUrl);
    if (new URL(decoded.value.baseUrl).origin === origin) return decoded.value;
    // The page's Content-Security-Policy lets it speak to its own server only.
    const other = new URL(decoded.value.baseUrl).origin;
    return `This code is of ${other}, and this page only speaks to ${origin}: open the page at the same address on both devices.`;
  }

  #judge(): Verdict | undefined {
    const strike = this.attacker.strike.value;
    if (strike === undefined) return undefined;
    const { new: newDevice, existing } = this.devices;
    return judge(strike, {
      states: { new: newDevice.state.value, existing: existing.state.value },
      spoken: [...newDevice.spoken.value, ...existing.spoken.value],
      exchanges: this.wire.exchanges.value,
    });
  }
}
