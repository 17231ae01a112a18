import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "@matrix-rendezvous/testkit/runner";
import { joinChannel, offerChannel } from "../src/channel/index.ts";
import { createSession } from "../src/session/index.ts";
import { parseSignInMessage } from "../src/sign-in/index.ts";
import { connectDevices, scan } from "./devices.ts";
import { startServer } from "./server.ts";

/** The runtime's own `console.log`, which need not be Node's `inspect`. */
function logged(value: unknown): string {
  const { Bun, Deno } = globalThis as { Bun?: { inspect: typeof inspect }; Deno?: { inspect: typeof inspect } };
  return (Bun?.inspect ?? Deno?.inspect ?? inspect)(value, { depth: 10, showHidden: true });
}

function everyForm(value: unknown): string {
  const hidden = inspect(value, { depth: 10, showHidden: true });
  return [`${value}`, JSON.stringify(value), JSON.stringify({ ...(value as object) }), hidden, logged(value)].join(
    "\n",
  );
}

test("Nothing that is logged shows an ID, a key, a token or a message", async () => {
  const { options } = startServer();
  const session = await createSession({ ...options, accessToken: "accessTokenOfAlice", data: "payloadOfAlice" });
  const offer = await offerChannel({ ...options, intent: "new", profile: "msc" });
  const qrCode = scan(offer.qrCode);
  const joining = joinChannel({ ...options, qrCode, intent: "existing", profile: "msc" });
  const [unconfirmed, s] = await Promise.all([offer.accept(), joining]);
  const { checkCode } = s;
  const g = unconfirmed.confirm(checkCode);
  const secrets = [
    session.id,
    "accessTokenOfAlice",
    "payloadOfAlice",
    qrCode.rendezvousId,
    session.latest.sequenceToken,
  ];
  for (const value of [session, offer, unconfirmed, s, g]) {
    const text = everyForm(value);
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} is in ${text}`);
    assert.ok(!/private|secret|nonce|checkCode.*\d\d/i.test(text), text);
  }
});

test("Errors do not say what was in a message", async () => {
  const { options } = startServer();
  const { s } = await connectDevices(options, "msc");
  const tooLarge = await s.send("secretText".repeat(500)).catch((error: unknown) => error);
  const notJson = parseSignInMessage("secretText");
  const wrongField = parseSignInMessage('{"type":"m.login.protocols","protocols":[],"base_url":"secretText"}');
  const unknownType = parseSignInMessage('{"type":"secretText"}');
  for (const value of [tooLarge, notJson, wrongField, unknownType]) {
    assert.ok(!everyForm(value).includes("secretText"), everyForm(value));
  }
});
