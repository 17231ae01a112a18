import assert from "node:assert/strict";
import type { Intent } from "@matrix-rendezvous/client";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Page } from "playwright-core";
import { ATTACKS, type Attack } from "../src/attack/attacks.ts";
import { choose, device, nextButton, playTo } from "./play.ts";
import { visit } from "./site.ts";

/** Which step to attack before, and who notices. */
const STRIKES: readonly (readonly [attack: Attack, before: RegExp, refuses: Intent])[] = [
  ["overwrite", /^Let the new/, "new"],
  ["flip", /^Type/, "new"],
  ["replay", /^Let the existing/, "existing"],
];

for (const [attack, before, refuses] of STRIKES) {
  test(`${ATTACKS[attack].name}, before "${before.source.slice(1)}": the ${refuses} device refuses it`, async () => {
    await visit({}, async ({ page }) => {
      await playTo(page, before);
      await strike(page, attack);
      await page.locator(".panel--struck").waitFor();
      // What was replaced is shown as it is now; of what was changed, the byte.
      assert.equal(await page.locator(".panel--server mark").count(), attack === "flip" ? 1 : 0);
      await playTo(page, /^Start over/);
      await page.getByRole("status").getByText(ATTACKS[attack].promise).first().waitFor();
      const outcome = `The ${refuses} device refused it, and ended the sign-in.`;
      assert.equal(await page.locator(".verdict--kept strong").textContent(), outcome);
      await device(page, refuses).getByText("Not secure").waitFor();
      assert.equal(await page.getByText("trusted with the keys").count(), 0);
      assert.ok((await page.locator(".exchange--attacker").count()) > 0);
    });
  });
}

test("Swap the key: the device that scanned refuses, and the attacker learns a check code that nobody shows", async () => {
  await visit({}, async ({ page }) => {
    await playTo(page, /^Let the new/);
    await strike(page, "swap");
    await playTo(page, /^No code/);
    await device(page, "existing").getByText("Not secure").waitFor();
    assert.equal(await page.locator(".check-code__digits").count(), 0);
    assert.match((await page.locator(".verdict--kept").textContent()) ?? "", /know its check code, [1-9][0-9]\./);
    await (await nextButton(page)).click();
    await device(page, "new").getByText("You cancelled.").waitFor();
  });
});

test("Read as the server does: none of what was said is found, and the sign-in is none the worse", async () => {
  await visit({}, async ({ page }) => {
    const button = page.getByRole("button", { name: ATTACKS.read.name });
    const reason = page.locator(`#${await button.getAttribute("aria-describedby")}`);
    assert.equal(await reason.textContent(), "There is no session yet.");
    await button.click({ force: true });
    assert.equal(await page.locator(".exchange").count(), 0);
    await playTo(page, /^Type/);
    await (await nextButton(page)).click();
    while ((await device(page, "existing").getByText("m.login.secrets", { exact: true }).count()) === 0) {
      await (await nextButton(page)).click();
      await nextButton(page);
    }
    await strike(page, "read");
    const verdict = (await page.locator(".verdict--kept").textContent()) ?? "";
    const [, things] = /Of (\d+) things that the devices told each other, none can be found/.exec(verdict) ?? [];
    assert.ok(Number(things) >= 10, verdict);
    await playTo(page, /^Start over/);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
  });
});

test("Live, the device that waits for an answer notices at once, and the other one once its code is typed", async () => {
  await visit({}, async ({ page }) => {
    await choose(page, "Live");
    await playTo(page, /^Type/);
    await device(page, "existing").getByText("m.login.protocols", { exact: true }).waitFor();
    await strike(page, "flip");
    await device(page, "existing").getByText("Not secure").waitFor();
    await page.locator(".verdict--kept").waitFor();
    await (await nextButton(page)).click();
    await device(page, "new").locator(".notice--bad").waitFor();
  });
});

async function strike(page: Page, attack: Attack): Promise<void> {
  await page.locator(".attack__button[aria-disabled='false']", { hasText: ATTACKS[attack].name }).click();
}
