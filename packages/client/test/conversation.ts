/** What two devices say to each other in a sign-in (MSC4108), without the homeserver's part in it. */
import type { SecureChannel } from "../src/channel/index.ts";
import { encodeSignInMessage, parseSignInMessage, type SignInMessage } from "../src/sign-in/index.ts";

const GRANT = {
  verification_uri: "https://id.example.org/link",
  verification_uri_complete: "https://id.example.org/link?code=123456",
};

export const SECRETS: SignInMessage = {
  type: "m.login.secrets",
  cross_signing: { master_key: "bWFzdGVy", self_signing_key: "c2VsZg", user_signing_key: "dXNlcg" },
  backup: { algorithm: "m.megolm_backup.v1.curve25519-aes-sha2", key: "a2V5", backup_version: "7" },
};

/** @param scanned whether this device scanned the code, and so has the homeserver's base URL from it already */
export async function signIn(channel: SecureChannel, scanned: boolean): Promise<SignInMessage> {
  if (!scanned) await expect(channel, "m.login.protocols");
  const protocol = "device_authorization_grant";
  await say(channel, { type: "m.login.protocol", protocol, device_authorization_grant: GRANT, device_id: "ABCDEFGH" });
  await expect(channel, "m.login.protocol_accepted");
  await say(channel, { type: "m.login.success" });
  return expect(channel, "m.login.secrets");
}

/** @param scanned whether this device scanned the code, and so speaks first */
export async function letIn(channel: SecureChannel, scanned: boolean): Promise<SignInMessage> {
  const protocols = ["device_authorization_grant"];
  if (scanned) await say(channel, { type: "m.login.protocols", protocols, base_url: "https://matrix.example.org" });
  const choice = await expect(channel, "m.login.protocol");
  await say(channel, { type: "m.login.protocol_accepted" });
  await expect(channel, "m.login.success");
  await say(channel, SECRETS);
  return choice;
}

async function say(channel: SecureChannel, message: SignInMessage): Promise<void> {
  await channel.send(encodeSignInMessage(message));
}

async function expect(channel: SecureChannel, type: SignInMessage["type"]): Promise<SignInMessage> {
  const parsed = parseSignInMessage(await channel.receive());
  if (!parsed.ok) throw parsed.error;
  if (parsed.value.type !== type) throw new Error(`${parsed.value.type} where ${type} was due`);
  return parsed.value;
}
