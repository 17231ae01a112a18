import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Page } from "playwright-core";
import { violations } from "../../playground/test-services/axe.ts";
import { pagePaths } from "../src/pages.ts";
import { look, SIZES } from "./browser.ts";

const PATHS = pagePaths().map((path) => (path.endsWith("/") ? path : `${path}.html`));

test("no page is wider than its window, be that a phone's or a laptop's, and the browser objects to nothing", async () => {
  await look({}, async (page) => {
    for (const path of PATHS) {
      for (const viewport of Object.values(SIZES)) {
        await page.setViewportSize(viewport);
        if (viewport === SIZES.phone) await open(page, path);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= viewport.width, `${path} is ${width} wide in ${viewport.width}`);
      }
    }
  });
});

test("axe finds nothing on any page, in light and in dark", async () => {
  await look({ viewport: SIZES.phone }, async (page) => {
    const found: string[] = [];
    for (const path of PATHS) {
      await open(page, path);
      for (const colorScheme of ["light", "dark"] as const) {
        const violated = await violations(page, colorScheme);
        found.push(...violated.map((violation) => `${path}, ${colorScheme}: ${violation}`));
      }
    }
    assert.deepEqual(found, []);
  });
});

test("diagrams are drawn, and their words stand out in light and in dark", async () => {
  await look({ viewport: SIZES.desktop }, async (page) => {
    for (const path of ["/", "/run/", "/embed.html"]) {
      await open(page, path);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        assert.ok(
          (await contrasts(page)).every((contrast) => contrast > 4.5),
          `${path}, ${colorScheme}`,
        );
      }
    }
  });
});

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`${name}: what is searched for is found`, async () => {
    await look({ viewport }, async (page) => {
      await open(page, "/");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("searchbox").fill("evict-oldest");
      await page.locator(".result").filter({ hasText: "when-full" }).first().click();
      await page.waitForURL(/configuration\.html#when-full$/);
      await page.getByRole("heading", { name: "when-full" }).waitFor();
    });
  });
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** How much brighter or darker than the page the words of its diagrams are, as WCAG counts it; at least one. */
async function contrasts(page: Page): Promise<number[]> {
  await page.locator(".diagram text").first().waitFor();
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const luminance = (colour: string): number => {
      if (canvas === null) throw new Error("no canvas");
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data]
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = luminance(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll(".diagram text")].map((text) => {
      const [dark = 0, bright = 0] = [ground, luminance(getComputedStyle(text).fill)].sort((one, other) => one - other);
      return (bright + 0.05) / (dark + 0.05);
    });
  });
}
