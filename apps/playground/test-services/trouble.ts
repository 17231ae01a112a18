import assert from "node:assert/strict";
import type { AccessTokenVerifier } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { device, nextButton, playTo } from "./play.ts";
import { INSECURE_HOST, visit } from "./site.ts";

const TTL_MS = 120_000;

for (const before of [/^Scan/, /^Type/]) {
  test(`When the time is over before "${before.source.slice(1)}", both devices say so, and can start over`, async () => {
    await visit({ server: { ttlMs: TTL_MS } }, async ({ page, pass }) => {
      await playTo(page, before);
      assert.match((await page.getByRole("timer").textContent()) ?? "", /^(1:5[0-9]|2:00) left$/);
      await pass(TTL_MS - 20_000);
      await page
        .getByRole("timer")
        .getByText(/^0:(1[0-9]|20) left$/)
        .waitFor();
      await pass(20_000);
      await device(page, "new").getByText("The session is gone").waitFor();
      if (before.source !== "^Scan") await device(page, "existing").getByText("The session is gone").waitFor();
      await page.locator(".panel--server").getByText("The session is gone").waitFor();
      await page.getByRole("button", { name: "Start over" }).click();
      await playTo(page, /^Scan/);
    });
  });
}

test("Over plain http from elsewhere there is no secure channel: the page says what to do, and offers nothing", async () => {
  await visit({ host: INSECURE_HOST }, async ({ page }) => {
    await page.getByRole("status").getByText("No secure channel at this address.").waitFor();
    assert.match((await page.locator(".trouble").textContent()) ?? "", /http:\/\/localhost:\d+.*https/);
    assert.equal(await page.locator(".conductor .button--main").getAttribute("aria-disabled"), "true");
    await page.getByRole("radio", { name: "New only" }).check();
    assert.equal(await page.getByRole("button", { name: "Show a QR code" }).count(), 0);
  });
});

test("A server that wants an access token gets one from the device that creates the session, and from no other", async () => {
  const verifier: AccessTokenVerifier = {
    verify: async (token) =>
      token === "let-me-in" ? { type: "user", userId: "@alice:example.org" } : { type: "unknown" },
  };
  await visit({ server: { mode: "authenticated", verifier } }, async ({ page }) => {
    await page.getByText("This server wants an access token").waitFor();
    const asked: string[] = [];
    page.on("request", (request) => {
      const { authorization } = request.headers();
      if (authorization) asked.push(`${request.method()} ${new URL(request.url()).pathname.split("/rendezvous")[1]}`);
    });
    await page.getByLabel(/^Access token/).fill("let-me-in");
    await page.getByRole("button", { name: "Use it" }).click();
    await playTo(page, /^Start over/);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    assert.deepEqual([...new Set(asked)].sort(), ["GET ", "POST "]);
    assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), "{}");
  });
});

test("A server that offers nothing is named as the reason", async () => {
  await visit({ server: { mode: "off" } }, async ({ page }) => {
    await page.getByText("This server lets nobody create a session.").waitFor();
    await (await nextButton(page)).click();
    await device(page, "new").getByText("This server offers no rendezvous sessions.").waitFor();
  });
});
