import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Page } from "playwright-core";
import { checkCode, device, typeCode } from "./play.ts";
import { visit } from "./site.ts";

test("Two pages sign each other in: one shows the code, the other takes it from a picture, turned and not quite sharp", async () => {
  await visit({ query: "?device=new" }, async ({ page: laptop, open }) => {
    const phone = await open("?device=existing");
    await laptop.getByRole("button", { name: "Show a QR code" }).click();
    await laptop.locator(".qr__code").evaluate((element) => {
      if (!(element instanceof SVGElement)) return;
      element.style.rotate = "8deg";
      element.style.filter = "blur(0.7px) brightness(0.85)";
    });
    await scanPicture(phone, await laptop.locator(".screen").screenshot());
    await typeCode(laptop, "new", await checkCode(phone, "existing"));
    await device(laptop, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    await device(phone, "existing").getByText("The new device has the keys.").waitFor();
    // Each page knows its own requests, and can open what the other one sealed.
    assert.deepEqual(await senders(laptop), ["new"]);
    assert.deepEqual(await senders(phone), ["existing"]);
    const heard = await device(laptop, "new").locator("code").allTextContents();
    assert.deepEqual(heard, await device(phone, "existing").locator("code").allTextContents());
  });
});

test("A page that is loaded again in the middle says so, stays the device it was, and ends it for the other one", async () => {
  await visit({ query: "?device=existing" }, async ({ page: laptop, open }) => {
    const phone = await open("?device=new");
    await scanPicture(phone, await showCode(laptop));
    await checkCode(phone, "new");
    await laptop.reload();
    await laptop.getByText("The page was loaded again in the middle of a sign-in.").waitFor();
    await laptop.getByRole("heading", { name: "Existing device" }).waitFor();
    await device(phone, "new").getByText("The session is gone").waitFor();
    // It starts again as if nothing had been.
    await scanPicture(phone, await showCode(laptop), true);
    await typeCode(laptop, "existing", await checkCode(phone, "new"));
    await device(phone, "new").getByText("Signed in, and trusted with the keys.").waitFor();
    await laptop.reload();
    await laptop.getByRole("button", { name: "Show a QR code" }).waitFor();
    assert.equal(await laptop.getByText("The page was loaded again").count(), 0);
  });
});

test("What cannot be scanned is refused in words", async () => {
  await visit({ query: "?device=new" }, async ({ page, open }) => {
    const other = await open("?device=new");
    await scanPicture(page, await page.locator(".masthead").screenshot());
    await page.getByRole("alert").getByText("There is no QR code in that picture").waitFor();
    await scanPicture(page, await showCode(other));
    await device(page, "new").getByText("This code is of a device like this one").waitFor();
  });
});

async function showCode(page: Page): Promise<Buffer> {
  await page.getByRole("button", { name: "Show a QR code" }).click();
  return page.locator(".qr__code").screenshot();
}

async function scanPicture(page: Page, buffer: Buffer, startOver = false): Promise<void> {
  if (startOver) await page.getByRole("button", { name: "Start over" }).click();
  await page.getByLabel("Choose a picture").setInputFiles({ name: "code.png", mimeType: "image/png", buffer });
}

async function senders(page: Page): Promise<string[]> {
  return [...new Set(await page.locator(".exchange__sender").allTextContents())];
}
