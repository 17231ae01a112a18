import type { Intent } from "@matrix-rendezvous/client";
import { binaryOf, fromBase64 } from "../bytes.ts";
import type { Spoken } from "../device/conversation.ts";
import type { DeviceState } from "../device/device.ts";
import type { Failure } from "../device/failure.ts";
import { capital, PARTY_NAMES } from "../party.ts";
import { type Exchange, textMember } from "../wire/exchange.ts";
import type { Strike } from "./attacker.ts";
import { ATTACKS } from "./attacks.ts";

/** How an attack ended. */
export interface Verdict {
  /** Whether the protocol kept its promise. */
  readonly kept: boolean;
  /** What happened, a sentence. */
  readonly outcome: string;
  /** What is promised, a sentence. */
  readonly promise: string;
}

/** What a verdict is made of. */
export interface Evidence {
  readonly states: Readonly<Record<Intent, DeviceState>>;
  /** What the devices have said to each other. */
  readonly spoken: readonly Spoken[];
  readonly exchanges: readonly Exchange[];
}

/** With which a device says that it has noticed. */
const NOTICED: readonly Failure["code"][] = ["refused", "malformed", "in_use", "conflict"];

/** The end of an attack, or `undefined` as long as it has none. */
export function judge({ attack }: Strike, { states, spoken, exchanges }: Evidence): Verdict | undefined {
  const { promise } = ATTACKS[attack];
  if (attack === "read") return { ...searched(spoken, exchanges), promise };
  const devices: readonly Intent[] = ["new", "existing"];
  const noticed = devices.find((device) => {
    const state = states[device];
    return state.name === "failed" && NOTICED.includes(state.failure.code);
  });
  if (noticed === undefined) return undefined;
  const outcome = `${capital(PARTY_NAMES[noticed])} refused it, and ended the sign-in.`;
  return { kept: true, outcome, promise };
}

/** Whether anything that the devices said can be found in what went to the server and came from there. */
function searched(spoken: readonly Spoken[], exchanges: readonly Exchange[]): Omit<Verdict, "promise"> {
  const haystacks = exchanges.flatMap(({ body, answer }) => [body, answer?.body ?? ""]).flatMap(unpacked);
  const needles = [...new Set(spoken.flatMap(({ message }) => confidences(message)))];
  const found = needles.filter((needle) => haystacks.some((haystack) => haystack.includes(needle)));
  const bytes = exchanges.reduce((sum, { body, answer }) => sum + body.length + (answer?.body.length ?? 0), 0);
  const seen = `The server has seen ${bytes.toLocaleString("en")} bytes of bodies.`;
  if (needles.length === 0) return { kept: true, outcome: `${seen} The devices have told each other nothing yet.` };
  const count = found.length === 0 ? "none" : String(found.length);
  const outcome = `${seen} Of ${needles.length} things that the devices told each other, ${count} can be found in them.`;
  return { kept: found.length === 0, outcome };
}

/** A body, and the bytes of the payload in it. */
function unpacked(body: string): string[] {
  const payload = textMember(body, "data");
  return [body, payload ?? "", binaryOf(fromBase64(payload ?? "") ?? new Uint8Array())];
}

/** Every text in a message that is not there by chance. */
function confidences(value: unknown): string[] {
  if (typeof value === "string") return value.length >= 8 ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(confidences) : [];
}
