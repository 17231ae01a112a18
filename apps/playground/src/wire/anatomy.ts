import { decodeQrCode } from "@matrix-rendezvous/client";
import { fromBase64 } from "../bytes.ts";
import type { Revision } from "./revision.ts";

/** What a part of a message is for. */
export type PartRole = "key" | "nonce" | "sealed" | "tag" | "plain";

/** Bytes that belong together. */
export interface Part {
  readonly name: string;
  readonly role: PartRole;
  readonly bytes: Uint8Array;
}

const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** A payload, taken apart as MSC4388 puts it together; in one piece where nobody knows how that is. */
export function payloadParts({ data, kind }: Pick<Revision, "data" | "kind">): Part[] {
  if (data === "") return [];
  const bytes = fromBase64(data);
  if (bytes === undefined) return [{ name: "Text", role: "plain", bytes: new TextEncoder().encode(data) }];
  const headed = kind === "initiate" || kind === "ok";
  if (kind === "unknown" || bytes.length < TAG_BYTES + (headed ? KEY_BYTES : 0)) {
    return [{ name: "Bytes", role: "sealed", bytes }];
  }
  const head: Part[] = [];
  if (kind === "initiate") head.push({ name: "Public key", role: "key", bytes: bytes.subarray(0, KEY_BYTES) });
  if (kind === "ok") head.push({ name: "Nonce", role: "nonce", bytes: bytes.subarray(0, KEY_BYTES) });
  const sealed = bytes.subarray(headed ? KEY_BYTES : 0, -TAG_BYTES);
  return [
    ...head,
    { name: "Sealed", role: "sealed", bytes: sealed },
    { name: "Tag", role: "tag", bytes: bytes.subarray(-TAG_BYTES) },
  ];
}

/** What a QR code of the 2025 version says, part by part. MSC4388 "QR code format". */
export function qrParts(bytes: Uint8Array): Part[] {
  const decoded = decodeQrCode(bytes);
  if (!decoded.ok || decoded.value.version !== "2025") return [{ name: "Bytes", role: "plain", bytes }];
  const { prefix, intent, rendezvousId, baseUrl } = decoded.value;
  const lengths: readonly (readonly [name: string, role: PartRole, length: number])[] = [
    [`Prefix: ${prefix}`, "plain", prefix.length],
    [`Version 2025, ${intent === "new" ? "new" : "existing"} device`, "plain", 2],
    ["Public key", "key", KEY_BYTES],
    [`Rendezvous ID: ${rendezvousId}`, "nonce", 1 + rendezvousId.length],
    [`Homeserver: ${baseUrl}`, "plain", bytes.length - prefix.length - 3 - KEY_BYTES - rendezvousId.length],
  ];
  let end = 0;
  return lengths.map(([name, role, length]) => {
    const start = end;
    end += length;
    return { name, role, bytes: bytes.subarray(start, end) };
  });
}
