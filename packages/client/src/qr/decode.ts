import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
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
import { type Intent, type QrCode, type QrCode2025, QrCodeError, type QrCodeField } from "./qr-code.ts";

/** What scanned bytes say, or why they are no code. */
export type DecodedQrCode =
  | { readonly ok: true; readonly value: QrCode }
  | { readonly ok: false; readonly error: QrCodeError };

/**
 * Reads the bytes of a scanned code, of either version. Strict: what it gives encodes to the same bytes again.
 *
 * @param bytes what a scanner gives for a code in binary mode; anything, of any length
 *
 * @example
 * ```ts
 * import { decodeQrCode } from "@matrix-rendezvous/client";
 *
 * const decoded = decodeQrCode(new TextEncoder().encode("https://example.org"));
 * if (!decoded.ok) console.log(decoded.error.code); // not_a_sign_in_code
 * ```
 */
export function decodeQrCode(bytes: Uint8Array): DecodedQrCode {
  try {
    return { ok: true, value: readCode(new Reader(bytes)) };
  } catch (error) {
    if (error instanceof QrCodeError) return { ok: false, error };
    throw error;
  }
}

function readCode(reader: Reader): QrCode {
  const prefix = reader.prefix();
  const type = reader.byte("type");
  const version = type === TYPE_2025 ? "2025" : type === TYPE_2024 && prefix === "MATRIX" ? "2024" : undefined;
  if (version === undefined) throw reader.error("not_a_sign_in_code", "type", `is ${type}, not 2 or 3`);
  const intent = reader.intent(version);
  const publicKey = reader.bytes("publicKey", PUBLIC_KEY_BYTES).slice();
  const code = version === "2025" ? read2025(reader, prefix, intent, publicKey) : read2024(reader, intent, publicKey);
  reader.end();
  return code;
}

function read2025(reader: Reader, prefix: QrCode2025["prefix"], intent: Intent, publicKey: Uint8Array): QrCode {
  const rendezvousId = reader.text("rendezvousId");
  return { version: "2025", prefix, intent, publicKey, rendezvousId, baseUrl: reader.text("baseUrl") };
}

function read2024(reader: Reader, intent: Intent, publicKey: Uint8Array): QrCode {
  const rendezvousUrl = reader.text("rendezvousUrl");
  if (intent === "new") return { version: "2024", intent, publicKey, rendezvousUrl };
  return { version: "2024", intent, publicKey, rendezvousUrl, serverName: reader.text("serverName") };
}

class Reader {
  readonly #bytes: Uint8Array;
  #position = 0;
  #start = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  prefix(): QrCode2025["prefix"] {
    const found = PREFIXES.find((prefix) => encodeUtf8(prefix).every((byte, index) => byte === this.#bytes[index]));
    if (found === undefined) throw this.error("not_a_sign_in_code", "prefix", `is not ${PREFIXES.join(" or ")}`);
    this.#position = found.length;
    return found;
  }

  byte(field: QrCodeField): number {
    const [byte = 0] = this.bytes(field, 1);
    return byte;
  }

  intent(version: "2024" | "2025"): Intent {
    const byte = this.byte("intent");
    const { new: newDevice, existing } = INTENT_BYTES[version];
    if (byte === newDevice) return "new";
    if (byte === existing) return "existing";
    if (version === "2024" && byte < newDevice) {
      throw this.error("not_a_sign_in_code", "intent", `is ${byte}: a code for device verification`);
    }
    throw this.error("invalid_field", "intent", `is ${byte}, not ${newDevice} or ${existing}`);
  }

  text(field: TextField): string {
    const start = this.#position;
    const length = this.bytes(field, LENGTH_BYTES[field]).reduce((sum, byte) => sum * 256 + byte, 0);
    const text = decodeUtf8(this.bytes(field, length));
    this.#start = start;
    if (text === undefined) throw this.error("invalid_field", field, "is not UTF-8");
    const problem = textProblem(field, text);
    if (problem !== undefined) throw this.error("invalid_field", field, problem);
    return text;
  }

  /** A view of the next bytes, which become what an error points at. */
  bytes(field: QrCodeField, length: number): Uint8Array {
    this.#start = this.#position;
    const left = this.#bytes.length - this.#position;
    if (left < length) throw this.error("truncated", field, `needs ${length} bytes where ${left} are left`);
    this.#position += length;
    return this.#bytes.subarray(this.#start, this.#position);
  }

  end(): void {
    this.#start = this.#position;
    const left = this.#bytes.length - this.#position;
    if (left > 0) throw this.error("trailing_bytes", "end", `has ${left} bytes that belong to no part`);
  }

  error(code: QrCodeError["code"], field: QrCodeField, problem: string): QrCodeError {
    return new QrCodeError(code, field, problem, this.#start);
  }
}
