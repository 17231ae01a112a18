import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Page } from "playwright-core";
import { draw } from "../src/qr/picture.ts";
import { checkCode, device, typeCode } from "./play.ts";
import { visit } from "./site.ts";
import { video } from "./video.ts";

test("A camera that is held before the code scans it, and is let go of", async () => {
  await withFilm(async (film, flags) => {
    await visit(
      { flags, query: "?device=new", context: { permissions: ["camera"] } },
      async ({ page: laptop, open }) => {
        const phone = await open("?device=existing");
        await laptop.getByRole("button", { name: "Show a QR code" }).click();
        // Only now is there something to film.
        await writeFile(film, video(draw(await shownCode(laptop))));
        await phone.getByRole("button", { name: "Use the camera" }).click();
        await typeCode(laptop, "new", await checkCode(phone, "existing"));
        await device(laptop, "new").getByText("Signed in, and trusted with the keys.").waitFor();
        assert.equal(await phone.locator("video").count(), 0);
      },
    );
  });
});

test("A camera that sees no code goes on looking until it is told to stop", async () => {
  await withFilm(async (film, flags) => {
    await writeFile(film, video([]));
    await visit({ flags, query: "?device=existing", context: { permissions: ["camera"] } }, async ({ page }) => {
      await page.getByRole("button", { name: "Use the camera" }).click();
      await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1);
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
});

test("Where the camera may not be used, a picture is offered instead", async () => {
  await visit({ flags: ["--deny-permission-prompts"], query: "?device=existing" }, async ({ page }) => {
    await page.getByRole("button", { name: "Use the camera" }).click();
    await page
      .getByRole("alert")
      .getByText(/[Cc]hoose a picture/)
      .waitFor();
  });
});

/** Gives `body` the path of a film that is to be made, and the flags with which Chromium takes that for its camera. */
async function withFilm(body: (film: string, flags: readonly string[]) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "film-"));
  const film = join(folder, "camera.y4m");
  try {
    await body(film, ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The bytes of the code that a page shows, as it lists them itself. */
async function shownCode(page: Page): Promise<Uint8Array> {
  const hex = await page.locator(".qr .parts code").allTextContents();
  return Uint8Array.from(hex.join(" ").trim().split(/\s+/), (digits) => Number.parseInt(digits, 16));
}
