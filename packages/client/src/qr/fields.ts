import { baseUrlProblem, httpUrlProblem } from "../lib/base-url.ts";
import { isRendezvousId, RENDEZVOUS_ID_PROBLEM } from "../lib/limits.ts";
import type { Intent, QrCode2025, QrCodeField } from "./qr-code.ts";

/** Longer first: no prefix may hide another. */
export const PREFIXES: readonly QrCode2025["prefix"][] = ["IO_ELEMENT_MSC4388", "MATRIX"];

export const PUBLIC_KEY_BYTES = 32;

/** The byte after the prefix. MSC4388 "QR code format" made of the version a type. */
export const TYPE_2024 = 0x02;
export const TYPE_2025 = 0x03;

/** The byte after the type, by version. In type 2, smaller values are device verification codes. */
export const INTENT_BYTES: Readonly<Record<"2024" | "2025", Readonly<Record<Intent, number>>>> = {
  "2024": { new: 0x03, existing: 0x04 },
  "2025": { new: 0x00, existing: 0x01 },
};

export type TextField = Extract<QrCodeField, "rendezvousId" | "baseUrl" | "rendezvousUrl" | "serverName">;

/** How many bytes say the length of a text. */
export const LENGTH_BYTES: Readonly<Record<TextField, 1 | 2>> = {
  rendezvousId: 1,
  baseUrl: 2,
  rendezvousUrl: 2,
  serverName: 2,
};

const PROBLEMS: Readonly<Record<TextField, (text: string) => string | undefined>> = {
  rendezvousId: (text) => (isRendezvousId(text) ? undefined : RENDEZVOUS_ID_PROBLEM),
  baseUrl: baseUrlProblem,
  rendezvousUrl: httpUrlProblem,
  serverName: (text) => (isServerName(text) ? undefined : "is not a Matrix server name"),
};

/** What is wrong with a text, in words that follow the field's name. */
export function textProblem(field: TextField, text: string): string | undefined {
  return PROBLEMS[field](text);
}

function isServerName(text: string): boolean {
  return text.length <= 255 && /^(\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z.-]{1,255})(:[0-9]{1,5})?$/.test(text);
}
