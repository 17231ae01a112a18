/** Who shows a code: a device that wants to be signed in, or one that is and lets another in. */
export type Intent = "new" | "existing";

/** What the code of the 2025 version (MSC4388) says. */
export interface QrCode2025 {
  /** Which version of the protocol the code is of. */
  readonly version: "2025";
  /** What the bytes start with: `IO_ELEMENT_MSC4388` until the MSC is accepted. */
  readonly prefix: "MATRIX" | "IO_ELEMENT_MSC4388";
  /** What the device that shows the code is. */
  readonly intent: Intent;
  /** The ephemeral Curve25519 key of the device that shows the code, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 1 to 255 characters of `[0-9A-Za-z._~-]`. The session's only secret: never log it. */
  readonly rendezvousId: string;
  /** The homeserver's base URL, http or https, at most 65,535 bytes; exactly as in the code, which is authenticated. */
  readonly baseUrl: string;
}

/** What the code of a new device says in the 2024 version (MSC4108 as of 2024). */
export interface NewDeviceQrCode2024 {
  /** Which version of the protocol the code is of. */
  readonly version: "2024";
  /** What the device that shows the code is. */
  readonly intent: "new";
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The session's absolute URL, http or https. Whoever has it can write to the session: never log it. */
  readonly rendezvousUrl: string;
}

/** What the code of an existing device says in the 2024 version (MSC4108 as of 2024). */
export interface ExistingDeviceQrCode2024 {
  /** Which version of the protocol the code is of. */
  readonly version: "2024";
  /** What the device that shows the code is. */
  readonly intent: "existing";
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** See {@link NewDeviceQrCode2024.rendezvousUrl}. */
  readonly rendezvousUrl: string;
  /** The homeserver's server name, such as `example.org` or `example.org:8448`. */
  readonly serverName: string;
}

/** What a code says, of whichever version. */
export type QrCode = QrCode2025 | NewDeviceQrCode2024 | ExistingDeviceQrCode2024;

/** The part of a code that is wrong; `end` is what follows its last part. */
export type QrCodeField =
  | "prefix"
  | "type"
  | "intent"
  | "publicKey"
  | "rendezvousId"
  | "baseUrl"
  | "rendezvousUrl"
  | "serverName"
  | "end";

/**
 * - `not_a_sign_in_code`: other bytes, such as another application's code or a device verification code.
 * - `truncated`: the bytes end inside `field`.
 * - `trailing_bytes`: bytes are left after the last part.
 * - `invalid_field`: `field` is complete and has a value that it must not have.
 */
export type QrCodeErrorCode = "not_a_sign_in_code" | "truncated" | "trailing_bytes" | "invalid_field";

/** Why bytes are no code, or a code cannot be encoded. Names the part, never its value. */
export class QrCodeError extends Error {
  /** For telling it from other errors where `instanceof` cannot. */
  override readonly name = "QrCodeError";
  /** Why. */
  readonly code: QrCodeErrorCode;
  /** The part that is wrong. */
  readonly field: QrCodeField;
  /** Where `field` starts in the bytes, from 0; `undefined` when encoding. */
  readonly offset: number | undefined;

  /** `problem` completes the sentence that begins with the name of the part. */
  constructor(code: QrCodeErrorCode, field: QrCodeField, problem: string, offset?: number) {
    super(offset === undefined ? `${field} ${problem}` : `${field} (byte ${offset}) ${problem}`);
    this.code = code;
    this.field = field;
    this.offset = offset;
  }
}
