import {
  encodeSignInMessage,
  type LoginSecrets,
  parseSignInMessage,
  type SecureChannel,
  type SignInMessage,
} from "@matrix-rendezvous/client";

/** A message that a device has sent or received. */
export interface Spoken {
  readonly by: "me" | "peer";
  /** As it was sealed. */
  readonly text: string;
  readonly message: SignInMessage;
}

/** What a conversation needs, and whom it tells. */
export interface Talk {
  readonly channel: SecureChannel;
  readonly signal: AbortSignal;
  /** Whether this device scanned the code: then it has the homeserver's base URL already, and speaks first. */
  readonly scanned: boolean;
  readonly baseUrl: string;
  /** Hears of a message before it is sealed, and after it was opened. */
  readonly tell: (spoken: Spoken) => void;
}

/** The other device said something else than what was due, such as that it gives up. */
export class UnexpectedMessageError extends Error {
  override readonly name = "UnexpectedMessageError";
}

/** What the new device says and hears. MSC4108 "Login via OAuth 2.0 Device Authorization Grant". */
export async function signIn(talk: Talk): Promise<void> {
  if (!talk.scanned) await hear(talk, "m.login.protocols");
  await say(talk, {
    type: "m.login.protocol",
    protocol: "device_authorization_grant",
    device_authorization_grant: {
      verification_uri: "https://account.example.org/link",
      verification_uri_complete: "https://account.example.org/link?code=KJXHMDBP",
    },
    device_id: "QJWVNHTDEV",
  });
  await hear(talk, "m.login.protocol_accepted");
  // Here a real device has polled the homeserver until it got its access token.
  await say(talk, { type: "m.login.success" });
  await hear(talk, "m.login.secrets");
}

/** What the existing device says and hears. */
export async function letIn(talk: Talk): Promise<void> {
  const protocols = ["device_authorization_grant"];
  if (talk.scanned) await say(talk, { type: "m.login.protocols", protocols, base_url: talk.baseUrl });
  await hear(talk, "m.login.protocol");
  // Here a real device opens the verification URI, for the user to consent.
  await say(talk, { type: "m.login.protocol_accepted" });
  await hear(talk, "m.login.success");
  await say(talk, secrets());
}

async function say({ channel, signal, tell }: Talk, message: SignInMessage): Promise<void> {
  const text = encodeSignInMessage(message);
  tell({ by: "me", text, message });
  await channel.send(text, { signal });
}

async function hear({ channel, signal, tell }: Talk, type: SignInMessage["type"]): Promise<void> {
  const text = await channel.receive({ signal });
  const parsed = parseSignInMessage(text);
  if (!parsed.ok) throw new UnexpectedMessageError(parsed.error.message);
  tell({ by: "peer", text, message: parsed.value });
  if (parsed.value.type !== type) throw new UnexpectedMessageError(`${parsed.value.type} where ${type} was due`);
}

/** Made up for every sign-in: keys that open nothing. */
function secrets(): LoginSecrets {
  const cross_signing = { master_key: key(), self_signing_key: key(), user_signing_key: key() };
  const backup = { algorithm: "m.megolm_backup.v1.curve25519-aes-sha2", key: key(), backup_version: "3" };
  return { type: "m.login.secrets", cross_signing, backup };
}

function key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}
