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
  ["overwrite", /^Let the existing/, "existing"],
  ["flip", /^Let the new/, "new"],
  ["flip", /^Type/, "new"],
  ["replay", /^Let the existing/, "existing"],
  ["replay", /^Type/, "new"],
  ["swap", /^Let the new/, "existing"],
];

for (const [attack, before, refuses] of STRIKES) {
  test(`${ATTACKS[attack].name}, before "${before.source.slice(1)}": the ${refuses} device refuses it`, async () => {
    await visit({}, async ({ page }) => {
      await playTo(page, before);
      await strike(page, attack);
      await page.locator(".panel--struck").waitFor();
      await playTo(page, /^(Start over|No code)/);
      await page.getByRole("status").getByText(ATTACKS[attack].promise).first().waitFor();
      const name = `The ${refuses} device refused it, and ended the sign-in.`;
      assert.equal(await page.locator(".verdict--kept strong").textContent(), name);
      await device(page, refuses).getByText("Not secure").waitFor();
      await playTo(page, /^Start over/);
      assert.equal(await page.getByText("trusted with the keys").count(), 0);
      assert.equal((await page.locator(".exchange--attacker").count()) > 0, true);
    });
  });
}

test("Swap the key: the attacker learns a check code that nobody shows", async () => {
  await visit({}, async ({ page }) => {
    await playTo(page, /^Let the new/);
    await strike(page, "swap");
    await playTo(page, /^No code/);
    assert.equal(await page.locator(".check-code__digits").count(), 0);
    assert.match((await page.locator(".verdict").textContent()) ?? "", /know its check code, [1-9][0-9]\./);
    await (await nextButton(page)).click();
    await device(page, "new").getByText("You cancelled.").waitFor();
  });
});

test("Flip a bit: the byte that changed is marked", async () => {
  await visit({}, async ({ page }) => {
    await playTo(page, /^Let the new/);
    await strike(page, "flip");
    const marked = page.locator(".panel--server mark");
    await marked.waitFor();
    assert.match((await marked.textContent()) ?? "", /^[0-9a-f]{2}$/);
  });
});

test("Read as the server does: at the end, none of what was said is found, and the sign-in is none the worse", async () => {
  await visit({}, async ({ page }) => {
    await playTo(page, /^Type/);
    await (await nextButton(page)).click();
    for (let message = 0; message < 5; message += 1) {
      await strike(page, "read");
      await page.locator(".verdict--kept").waitFor();
      if ((await device(page, "existing").getByText("m.login.secrets", { exact: true }).count()) > 0) break;
      await (await nextButton(page)).click();
      await nextButton(page);
    }
    const verdict = (await page.locator(".verdict").textContent()) ?? "";
    const [, things] = /Of (\d+) things that the devices told each other, none can be found/.exec(verdict) ?? [];
    assert.ok(Number(things) >= 10, verdict);
    await playTo(page, /^Start over/);
    await device(page, "new").getByText("Signed in, and trusted with the keys.").waitFor();
  });
});

test("Live, an attack while the code is shown is noticed once it is typed", async () => {
  await visit({}, async ({ page }) => {
    await choose(page, "Live");
    await playTo(page, /^Type/);
    await device(page, "existing").getByText("m.login.protocols", { exact: true }).waitFor();
    await strike(page, "flip");
    await page.locator(".panel--struck").waitFor();
    await (await nextButton(page)).click();
    await page.locator(".verdict--kept").waitFor();
    await device(page, "new").getByText("Not secure").waitFor();
  });
});

test("An attack that makes no sense does nothing, and says why", async () => {
  await visit({}, async ({ page }) => {
    const button = page.getByRole("button", { name: ATTACKS.flip.name });
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    await button.click({ force: true });
    assert.equal(await page.locator(".exchange").count(), 0);
    const reason = page.locator(`#${await button.getAttribute("aria-describedby")}`);
    assert.equal(await reason.textContent(), "There is no session yet.");
  });
});

async function strike(page: Page, attack: Attack): Promise<void> {
  await page.locator(".attack__button[aria-disabled='false']", { hasText: ATTACKS[attack].name }).click();
}
