import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Page } from "playwright-core";
import { draw } from "../src/qr/picture.ts";
import { checkCode, device, typeCode } from "./play.ts";
import { FILM, visit } from "./site.ts";
import { video } from "./video.ts";

test("A camera that is held before the code scans it, and is let go of", async () => {
  await visit({ query: "?device=new", context: { permissions: ["camera"] } }, async ({ page: laptop, open }) => {
    const phone = await open("?device=existing");
    await laptop.getByRole("button", { name: "Show a QR code" }).click();
    await laptop.getByText("What the code says").waitFor();
    await writeFile(FILM, video(draw(await shownCode(laptop))));
    await phone.getByRole("button", { name: "Use the camera" }).click();
    await typeCode(laptop, "new", await checkCode(phone, "existing"));
    await device(laptop, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    assert.equal(await phone.locator("video").count(), 0);
  });
});

test("A camera that sees no code goes on looking until it is told to stop", async () => {
  await writeFile(FILM, video([]));
  await visit({ query: "?device=existing", context: { permissions: ["camera"] } }, async ({ page }) => {
    await page.getByRole("button", { name: "Use the camera" }).click();
    await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
    const tracks = await page.evaluateHandle(() => {
      const stream = document.querySelector("video")?.srcObject;
      return stream instanceof MediaStream ? stream.getTracks() : [];
    });
    assert.deepEqual(await tracks.evaluate((list) => list.map(({ readyState }) => readyState)), ["live"]);
    await page.getByRole("button", { name: "Stop the camera" }).click();
    await page.waitForFunction((list) => list.every(({ readyState }) => readyState === "ended"), tracks);
    await page.getByRole("button", { name: "Use the camera" }).waitFor();
  });
});

test("Where the camera may not be used, a picture is offered instead", async () => {
  // Whatever is not in the list is denied.
  await visit({ query: "?device=existing", context: { permissions: ["geolocation"] } }, async ({ page }) => {
    await page.getByRole("button", { name: "Use the camera" }).click();
    const words = page.getByRole("alert").getByText("The camera may not be used.");
    await words.waitFor();
    assert.match((await words.textContent()) ?? "", /choose a picture/);
  });
});

/** The bytes of the code that a page shows, as it lists them itself. */
async function shownCode(page: Page): Promise<Uint8Array> {
  const hex = await page.locator(".qr .parts code").allTextContents();
  return Uint8Array.from(hex.join(" ").trim().split(/\s+/), (digits) => Number.parseInt(digits, 16));
}
