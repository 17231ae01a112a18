import assert from "node:assert/strict";
import { initAsync, QrCodeData, QrCodeIntent } from "@matrix-org/matrix-sdk-crypto-wasm";
import { logger } from "matrix-js-sdk/lib/logger.js";
import { createClient } from "matrix-js-sdk/lib/matrix.js";
import {
  MSC4108FailureReason,
  type MSC4108Payload,
  MSC4108RendezvousSession,
  MSC4108SecureChannel,
  PayloadType,
  type RendezvousFailureReason,
} from "matrix-js-sdk/lib/rendezvous/index.js";

// It logs every request, payloads included.
Object(logger).setLevel("silent");
await initAsync();

/** How devices reach the server. */
export interface Way {
  /** What the user knows as the homeserver, without a slash at its end. */
  readonly homeserver: string;
  /** Where sessions of the 2024 version are created if the homeserver does not say that it has them. */
  readonly create?: string;
  /** @default the runtime's */
  readonly fetch?: typeof fetch;
}

interface Text extends MSC4108Payload {
  readonly text: string;
}

/**
 * Two devices with matrix-js-sdk set up a secure channel, send messages in turns, and one of them cancels: all that a
 * sign-in asks of a rendezvous server. Fails where anything of it does. Takes some seconds: the devices poll.
 *
 * @returns the session's URL, as it was in the QR code
 */
export async function exchange2024({ homeserver, create, fetch: fetchFn = fetch }: Way): Promise<string> {
  const failures: RendezvousFailureReason[] = [];
  const onFailure = (reason: RendezvousFailureReason): void => void failures.push(reason);

  // The client asks the homeserver whether it has the feature, and creates the session there.
  const client = createClient({ baseUrl: homeserver, fetchFn });
  const fallback = create === undefined ? {} : { fallbackRzServer: create };
  const shownSession = new MSC4108RendezvousSession({ client, fetchFn, onFailure, ...fallback });
  const shown = new MSC4108SecureChannel(shownSession, undefined, onFailure);
  await shownSession.send("");
  const qrCode = QrCodeData.fromBytes(await shown.generateCode(QrCodeIntent.Login));

  const url = qrCode.intentData.msc4108?.rendezvousUrl ?? "";
  const scannedSession = new MSC4108RendezvousSession({ url, fetchFn, onFailure });
  const scanned = new MSC4108SecureChannel(scannedSession, qrCode.publicKey, onFailure);

  await Promise.all([shown.connect(), scanned.connect()]);
  assert.match(shown.getCheckCode() ?? "", /^\d\d$/);
  assert.equal(shown.getCheckCode(), scanned.getCheckCode());
  await deliver("short", scanned, shown);
  // Nearly as much as a session holds, once it is encrypted.
  await deliver("ü".repeat(1400), shown, scanned);
  await deliver("the last word", scanned, shown);
  assert.deepEqual(failures, []);

  await scanned.cancel(MSC4108FailureReason.UserCancelled);
  assert.equal(await shown.secureReceive(), undefined, "the other device learns that the session is over");
  assert.ok(shown.cancelled);
  return url;
}

async function deliver(text: string, from: MSC4108SecureChannel, to: MSC4108SecureChannel): Promise<void> {
  const message: Text = { type: PayloadType.Protocols, text };
  const [received] = await Promise.all([to.secureReceive<Text>(), from.secureSend(message)]);
  assert.deepEqual(received, message);
}
