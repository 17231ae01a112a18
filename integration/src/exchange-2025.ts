import assert from "node:assert/strict";
import { decodeQrCode, joinChannel, offerChannel } from "@matrix-rendezvous/client";
import type { Way } from "./exchange-2024.ts";

/**
 * The same with the 2025 version, which no released client speaks yet: two devices of `@matrix-rendezvous/client`.
 *
 * @returns the base URL in the QR code
 */
export async function exchange2025({ homeserver, fetch: fetchFn = fetch }: Way): Promise<string> {
  const profile = "msc";
  const offer = await offerChannel({ baseUrl: homeserver, intent: "new", profile, fetch: fetchFn });
  const decoded = decodeQrCode(offer.qrCode);
  assert.ok(decoded.ok && decoded.value.version === "2025");
  const qrCode = decoded.value;
  const [unconfirmed, scanned] = await Promise.all([
    offer.accept(),
    joinChannel({ qrCode, intent: "existing", profile, fetch: fetchFn }),
  ]);
  const shown = unconfirmed.confirm(scanned.checkCode);
  for (const [from, to, text] of [
    [scanned, shown, "short"],
    [shown, scanned, "ü".repeat(1400)],
    [scanned, shown, "the last word"],
  ] as const) {
    const [received] = await Promise.all([to.receive(), from.send(text)]);
    assert.equal(received, text);
  }
  await scanned.cancel();
  await assert.rejects(shown.receive(), { code: "expired" });
  return qrCode.baseUrl;
}
