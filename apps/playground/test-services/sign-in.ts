import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { BEAT_MS } from "../src/stage.ts";
import { checkCode, choose, device, nextButton, playTo, typeCode } from "./play.ts";
import { visit } from "./site.ts";

test("Step by step: each device waits for its turn, the code is typed by hand, and the keys arrive", async () => {
  await visit({}, async ({ page }) => {
    const before = await playTo(page, /^Type/);
    assert.deepEqual(before, [
      "Show the QR code",
      "Scan it",
      "Let the new device read",
      "Let the existing device read",
    ]);
    const code = await checkCode(page, "existing");
    assert.match(code, /^[1-9][0-9]$/);
    await typeCode(page, "new", code);
    const after = await playTo(page, /^Start over/);
    assert.equal(after.length, 5);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    await device(page, "existing").getByText("The new device has the keys.").waitFor();
    await device(page, "new").getByText("m.login.secrets", { exact: true }).click();
    const keys = await device(page, "new").locator("pre:visible").textContent();
    assert.match(keys ?? "", /"master_key": "[0-9A-Za-z+/]{43}"/);
    await page.locator(".panel--server").getByText("The session is gone").waitFor();
    // The wire shows every request: its headers, its bytes, and what they say to who holds the key.
    const rows = page.locator(".exchange");
    const senders = await rows.locator(".exchange__sender").allTextContents();
    assert.deepEqual([...new Set(senders)].sort(), ["existing", "new"]);
    const first = rows.filter({ has: page.getByText("PUT", { exact: true }) }).first();
    await first.locator("summary").click();
    const text = (await first.textContent()) ?? "";
    const shown = ["Public key32 bytes", "MATRIX_QR_CODE_LOGIN_INITIATE", "content-typeapplication/json", "no-store"];
    for (const words of shown) assert.ok(text.includes(words), words);
  });
});

test("The existing device can show the code, in the other dialect, and by asking every second", async () => {
  await visit({}, async ({ page }) => {
    await choose(page, "Existing device");
    await choose(page, "vodozemac 0.11");
    await choose(page, "Ask every second");
    const labels = await playTo(page, /^Start over/);
    assert.deepEqual(labels.slice(2, 4), ["Let the existing device read", "Let the new device read"]);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    assert.equal(await page.locator(".exchange", { hasText: "since=" }).count(), 0);
  });
});

test("Play: one click, and it plays to its end", async () => {
  await visit({}, async ({ page, pass }) => {
    await choose(page, "Play");
    while ((await (await nextButton(page)).textContent()) !== "Start over") await pass(BEAT_MS);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
  });
});

test("Live: nothing waits but for the user, who can correct a wrong code, and sees how long it took", async () => {
  await visit({}, async ({ page }) => {
    await choose(page, "Live");
    const labels = await playTo(page, /^Type/);
    assert.deepEqual(labels, ["Show the QR code", "Scan it"]);
    assert.match((await page.locator(".conductor").textContent()) ?? "", /From scan to check code: \d+ ms\./);
    const code = await checkCode(page, "existing");
    await typeCode(page, "new", code === "10" ? "11" : "10");
    await device(page, "new").getByRole("alert").getByText("That is not the code. 2 attempts are left.").waitFor();
    await typeCode(page, "new", code);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    await page.getByRole("button", { name: "Start over" }).click();
    await device(page, "new").getByText("Not signed in").waitFor();
  });
});

test("The keyboard is enough, and one button keeps the focus from the first step to the last", async () => {
  await visit({}, async ({ page }) => {
    const focused = (): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip to the devices");
    for (let presses = 0; (await focused()) !== "Show the QR code"; presses += 1) {
      assert.ok(presses < 30, "the button cannot be reached");
      await page.keyboard.press("Tab");
    }
    const button = page.locator(".conductor .button--main:focus:not([aria-disabled='true'])");
    for (let name: string | null = null; name !== "Start over"; name = await button.textContent()) {
      if (name !== null) await page.keyboard.press("Enter");
      await button.filter({ hasNotText: name ?? "Start over" }).waitFor();
    }
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0, "the devices stay in sight");
  });
});

test("Who wants no motion sees none", async () => {
  for (const reducedMotion of ["reduce", "no-preference"] as const) {
    await visit({ context: { reducedMotion } }, async ({ page }) => {
      await page.evaluate(() => {
        addEventListener("animationstart", () => document.body.setAttribute("data-moved", ""), { capture: true });
        addEventListener("transitionrun", () => document.body.setAttribute("data-moved", ""), { capture: true });
      });
      await playTo(page, /^Let the new/);
      const moved = await page.locator("body[data-moved]").count();
      assert.equal(moved, reducedMotion === "reduce" ? 0 : 1);
    });
  }
});
