import { encodeUtf8 } from "../lib/text.ts";
import {
  INTENT_BYTES,
  LENGTH_BYTES,
  PREFIXES,
  PUBLIC_KEY_BYTES,
  type TextField,
  TYPE_2024,
  TYPE_2025,
  textProblem,
} from "./fields.ts";
import { type QrCode, QrCodeError, type QrCodeField } from "./qr-code.ts";

/**
 * The bytes of a code, to be drawn in binary mode with error correction level Q (MSC4388 "QR code format").
 *
 * @throws QrCodeError where a part has a value that it must not have, or that does not fit
 */
export function encodeQrCode(code: QrCode): Uint8Array<ArrayBuffer> {
  const intent = INTENT_BYTES[code.version]?.[code.intent];
  check(intent !== undefined, "intent", "is not new or existing, of the version 2024 or 2025");
  check(code.publicKey.length === PUBLIC_KEY_BYTES, "publicKey", `is not ${PUBLIC_KEY_BYTES} bytes`);
  if (code.version === "2025") {
    check(PREFIXES.includes(code.prefix), "prefix", `is not ${PREFIXES.join(" or ")}`);
    const texts = [...text("rendezvousId", code.rendezvousId), ...text("baseUrl", code.baseUrl)];
    return Uint8Array.from([...encodeUtf8(code.prefix), TYPE_2025, intent, ...code.publicKey, ...texts]);
  }
  const serverName = code.intent === "existing" ? text("serverName", code.serverName) : [];
  const texts = [...text("rendezvousUrl", code.rendezvousUrl), ...serverName];
  return Uint8Array.from([...encodeUtf8("MATRIX"), TYPE_2024, intent, ...code.publicKey, ...texts]);
}

/** A text's length, big-endian, and its bytes. */
function text(field: TextField, value: string): number[] {
  const problem = textProblem(field, value);
  if (problem !== undefined) throw new QrCodeError("invalid_field", field, problem);
  const bytes = encodeUtf8(value);
  const length = LENGTH_BYTES[field] === 1 ? [bytes.length] : [bytes.length >> 8, bytes.length & 0xff];
  return [...length, ...bytes];
}

function check(condition: boolean, field: QrCodeField, problem: string): asserts condition {
  if (!condition) throw new QrCodeError("invalid_field", field, problem);
}
