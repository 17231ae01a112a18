import { FieldError, Fields } from "./fields.ts";
import type { LoginFailure, LoginProtocolChoice, LoginSecrets, SignInMessage } from "./messages.ts";

/**
 * - `not_json`: no JSON.
 * - `unknown_type`: a message whose `type` is none of MSC4108's. Answer with `unexpected_message_received`.
 * - `invalid_field`: a field is missing or has a value that it must not have.
 */
export type SignInMessageErrorCode = "not_json" | "unknown_type" | "invalid_field";

/** Why a text is no sign-in message. Names the field, never its value. */
export class SignInMessageError extends Error {
  /** For telling it from other errors where `instanceof` cannot. */
  override readonly name = "SignInMessageError";
  /** Why. */
  readonly code: SignInMessageErrorCode;

  /** `message` must not hold what a field says. */
  constructor(code: SignInMessageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A sign-in message, or why a text is none. */
export type ParsedSignInMessage =
  | { readonly ok: true; readonly value: SignInMessage }
  | { readonly ok: false; readonly error: SignInMessageError };

/**
 * Reads a message of the other device. It is authentic but need not be honest: every field is checked and bounded, and
 * fields that MSC4108 does not have are left out.
 */
export function parseSignInMessage(text: string): ParsedSignInMessage {
  try {
    return { ok: true, value: readMessage(parseJson(text)) };
  } catch (error) {
    if (error instanceof SignInMessageError) return { ok: false, error };
    if (error instanceof FieldError)
      return { ok: false, error: new SignInMessageError("invalid_field", error.message) };
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error has a piece of the text in it.
    throw new SignInMessageError("not_json", "the message is not JSON");
  }
}

function readMessage(value: unknown): SignInMessage {
  const fields = new Fields(value);
  const type = fields.text("type");
  switch (type) {
    case "m.login.protocols":
      return { type, protocols: fields.texts("protocols"), base_url: fields.url("base_url") };
    case "m.login.protocol":
      return readChoice(fields);
    case "m.login.failure":
      return readFailure(fields);
    case "m.login.secrets":
      return readSecrets(fields);
    case "m.login.protocol_accepted":
    case "m.login.declined":
    case "m.login.success":
      return { type };
  }
  throw new SignInMessageError("unknown_type", "the message's type is unknown");
}

function readChoice(fields: Fields): LoginProtocolChoice {
  const choice = {
    type: "m.login.protocol",
    protocol: fields.text("protocol"),
    device_id: fields.text("device_id"),
  } as const;
  if (choice.protocol !== "device_authorization_grant") return choice;
  const grant = fields.object("device_authorization_grant");
  const verification_uri = grant.url("verification_uri");
  if (!grant.has("verification_uri_complete")) return { ...choice, device_authorization_grant: { verification_uri } };
  const verification_uri_complete = grant.url("verification_uri_complete");
  return { ...choice, device_authorization_grant: { verification_uri, verification_uri_complete } };
}

function readFailure(fields: Fields): LoginFailure {
  const failure = { type: "m.login.failure", reason: fields.text("reason") } as const;
  return fields.has("homeserver") ? { ...failure, homeserver: fields.text("homeserver") } : failure;
}

function readSecrets(fields: Fields): LoginSecrets {
  const keys = fields.object("cross_signing");
  const secrets = {
    type: "m.login.secrets",
    cross_signing: {
      master_key: keys.text("master_key"),
      self_signing_key: keys.text("self_signing_key"),
      user_signing_key: keys.text("user_signing_key"),
    },
  } as const;
  if (!fields.has("backup")) return secrets;
  const backup = fields.object("backup");
  const algorithm = backup.text("algorithm");
  return { ...secrets, backup: { algorithm, key: backup.text("key"), backup_version: backup.text("backup_version") } };
}
