import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
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
  });
});

test("The wire shows every request: its headers, its bytes, and what they say to who holds the key", async () => {
  await visit({}, async ({ page }) => {
    await playTo(page, /^Start over/);
    const rows = page.locator(".exchange");
    const first = rows.filter({ has: page.getByText("PUT", { exact: true }) }).first();
    await first.locator("summary").click();
    const text = (await first.textContent()) ?? "";
    for (const words of [
      "Public key32 bytes",
      "MATRIX_QR_CODE_LOGIN_INITIATE",
      "content-typeapplication/json",
      "no-store",
    ]) {
      assert.ok(text.includes(words), words);
    }
    const senders = await rows.locator(".exchange__sender").allTextContents();
    assert.deepEqual([...new Set(senders)].sort(), ["existing", "new"]);
    assert.match((await page.locator(".panel--server").textContent()) ?? "", /The session is gone/);
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
  await visit({}, async ({ page }) => {
    await choose(page, "Play");
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor({ timeout: 60_000 });
  });
});

test("Live: nothing waits but for the user, and the handshake's time is told", async () => {
  await visit({}, async ({ page }) => {
    await choose(page, "Live");
    const labels = await playTo(page, /^Type/);
    assert.deepEqual(labels, ["Show the QR code", "Scan it"]);
    assert.match((await page.locator(".conductor").textContent()) ?? "", /From scan to check code: \d+ ms\./);
    await (await nextButton(page)).click();
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
  });
});

test("A wrong code can be corrected, and the page says how often", async () => {
  await visit({}, async ({ page }) => {
    await playTo(page, /^Type/);
    const code = await checkCode(page, "existing");
    await typeCode(page, "new", code === "10" ? "11" : "10");
    await device(page, "new").getByRole("alert").getByText("That is not the code. 2 attempts are left.").waitFor();
    await typeCode(page, "new", code);
    await playTo(page, /^Start over/);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    await (await nextButton(page)).click();
    await device(page, "new").getByText("Not signed in").waitFor();
  });
});

test("The keyboard is enough", async () => {
  await visit({}, async ({ page }) => {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip to the devices");
    for (let presses = 0; (await focused()) !== "Show the QR code"; presses += 1) {
      assert.ok(presses < 30, "the button cannot be reached");
      await page.keyboard.press("Tab");
    }
    for (let presses = 0; !/^Start over/.test((await focused()) ?? ""); presses += 1) {
      assert.ok(presses < 30, "the end is not reached");
      await nextButton(page);
      await page.keyboard.press("Enter");
      // What is under way keeps the focus where it is.
      assert.notEqual(await focused(), null);
      if (await page.getByText("Signed in, and trusted with the keys.").isVisible()) break;
    }

    function focused(): Promise<string | null> {
      return page.evaluate(() =>
        document.activeElement === document.body ? null : (document.activeElement?.textContent ?? null),
      );
    }
  });
});

test("Who wants no motion sees none", async () => {
  for (const reducedMotion of ["reduce", "no-preference"] as const) {
    await visit({ context: { reducedMotion } }, async ({ page }) => {
      await page.evaluate(() => {
        addEventListener("animationstart", () => document.body.setAttribute("data-moved", ""), { capture: true });
        addEventListener("transitionrun", () => document.body.setAttribute("data-moved", ""), { capture: true });
      });
      await playTo(page, /^Type/);
      const moved = await page.locator("body[data-moved]").count();
      assert.equal(moved, reducedMotion === "reduce" ? 0 : 1);
    });
  }
});
