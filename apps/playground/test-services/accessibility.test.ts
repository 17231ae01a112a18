import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { ATTACKS } from "../src/attack/attacks.ts";
import { choose, nextButton, playTo } from "./play.ts";
import { SIZES, visit } from "./site.ts";

for (const colorScheme of ["light", "dark"] as const) {
  for (const size of ["phone", "desktop"] as const) {
    // Colours are measured as they come to rest, not on their way.
    const context = { colorScheme, viewport: SIZES[size], reducedMotion: "reduce" } as const;

    test(`${size}, ${colorScheme}: axe finds nothing from the first screen to the last`, async () => {
      await visit({ context }, async ({ page }) => {
        await page.getByText("More", { exact: true }).click();
        await inspect(page, "start");
        await page.getByText("More", { exact: true }).click();
        await playTo(page, /^Scan/);
        await page.getByText("What the code says").click();
        await inspect(page, "code");
        await playTo(page, /^Type/);
        await page.getByRole("textbox").fill("00");
        await page.getByRole("button", { name: "Confirm" }).click();
        await inspect(page, "wrong code");
        await playTo(page, /^Start over/);
        for (const details of await page.locator(".spoken summary, .exchange summary").all()) await details.click();
        await inspect(page, "end");
      });
    });

    test(`${size}, ${colorScheme}: axe finds nothing in an attack, and in what keeps the page from working`, async () => {
      await visit({ context }, async ({ page, open }) => {
        await playTo(page, /^Let the new/);
        for (const attack of ["read", "flip"] as const) {
          await page.getByRole("button", { name: ATTACKS[attack].name }).click();
          await page.locator(attack === "read" ? ".verdict--kept" : ".verdict--open").waitFor();
          await inspect(page, attack);
        }
        await playTo(page, /^Start over/);
        await inspect(page, "verdict");
        await page.reload();
        await choose(page, "New only");
        await page.getByText("Open it on a phone").click();
        await page.getByLabel("Choose a picture").setInputFiles({
          name: "none.png",
          mimeType: "image/png",
          buffer: await page.locator(".masthead").screenshot(),
        });
        await page.getByRole("alert").waitFor();
        await inspect(page, "one device");
        await page.context().close();
        const busy = await open("");
        await (await nextButton(busy)).click();
        await busy.getByRole("button", { name: "Scan it" }).waitFor();
        await busy.reload();
        await busy.getByText("The page was loaded again").waitFor();
        await inspect(busy, "loaded again");
      });
    });

    test(`${size}, ${colorScheme}: nothing is wider than the screen`, async () => {
      await visit({ context }, async ({ page }) => {
        for (const width of [320, SIZES[size].width]) {
          await page.setViewportSize({ width, height: SIZES[size].height });
          for (const before of [/^Show/, /^Scan/, /^Let the existing/, /^Start over/]) {
            await playTo(page, before);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(wide <= width, `${wide} of ${width}, before ${before.source}`);
          }
          await page.getByRole("button", { name: "Start over" }).click();
        }
      });
    });
  }
}

async function inspect(page: Page, screen: string): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const results = await (globalThis as unknown as { axe: { run: () => Promise<axe.AxeResults> } }).axe.run();
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  assert.deepEqual(violations, [], screen);
}
