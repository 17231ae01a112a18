import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Page } from "playwright-core";
import { ATTACKS } from "../src/attack/attacks.ts";
import { violations } from "./axe.ts";
import { choose, nextButton, playTo } from "./play.ts";
import { SIZES, visit } from "./site.ts";

/** Where every screen is left to be looked at. */
const PICTURES = ".junit/screens";
/** As wide as the page is on a small phone, or on a larger screen that is magnified four times. */
const NARROWEST = 320;

for (const size of ["phone", "desktop"] as const) {
  // Colours are measured as they come to rest, not on their way.
  const context = { viewport: SIZES[size], reducedMotion: "reduce" } as const;

  test(`${size}: axe finds nothing from the first screen to the last`, async () => {
    await visit({ context }, async ({ page }) => {
      await page.getByText("More", { exact: true }).click();
      await inspect(page, `${size}-start`);
      await page.getByText("More", { exact: true }).click();
      await playTo(page, /^Scan/);
      await page.getByText("What the code says").click();
      await inspect(page, `${size}-code`);
      await playTo(page, /^Type/);
      await page.getByRole("textbox").fill("00");
      await page.getByRole("button", { name: "Confirm" }).click();
      await inspect(page, `${size}-wrong-code`);
      await playTo(page, /^Start over/);
      await page.locator(".spoken__summary").last().click();
      await page.locator(".exchange__summary").nth(4).click();
      await inspect(page, `${size}-done`);
    });
  });

  test(`${size}: axe finds nothing in an attack, and in what keeps the page from working`, async () => {
    await visit({ context }, async ({ page, open }) => {
      await playTo(page, /^Let the new/);
      await page.getByRole("button", { name: ATTACKS.flip.name }).click();
      await page.locator(".verdict--open").waitFor();
      await inspect(page, `${size}-attack`);
      await playTo(page, /^Start over/);
      await inspect(page, `${size}-verdict`);
      await choose(page, "New only");
      await page.getByText("Open it on a phone").click();
      await page.getByLabel("Choose a picture").setInputFiles({
        name: "none.png",
        mimeType: "image/png",
        buffer: await page.locator(".masthead").screenshot(),
      });
      await page.getByRole("alert").waitFor();
      await inspect(page, `${size}-one-device`);
      const busy = await open("");
      await (await nextButton(busy)).click();
      await busy.getByRole("button", { name: "Scan it" }).waitFor();
      await busy.reload();
      const lost = busy.getByText("The page was loaded again");
      await lost.waitFor();
      assert.ok(await lost.evaluate((words) => words.getBoundingClientRect().top >= 0));
      await inspect(busy, `${size}-loaded-again`);
      await playTo(busy, /^Scan/);
      assert.equal(await lost.count(), 0);
    });
  });
}

/** Looks at a screen in light, at its colours in dark as well, and makes it as narrow as it can be. */
async function inspect(page: Page, screen: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    assert.deepEqual(await violations(page, colorScheme), [], `${screen}, ${colorScheme}`);
    await page.screenshot({ path: `${PICTURES}/${screen}-${colorScheme}.png` });
  }
  const before = page.viewportSize() ?? SIZES.desktop;
  await page.setViewportSize({ ...before, width: NARROWEST });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= NARROWEST, `${screen} is ${wide} wide`);
  await page.setViewportSize(before);
}
