/** What users do with the page, in their words. */
import type { Intent } from "@matrix-rendezvous/client";
import type { Locator, Page } from "playwright-core";

export function device(page: Page, intent: Intent): Locator {
  return page.locator(`#device-${intent}`);
}

/** The button that takes the next step, once there is one. */
export async function nextButton(page: Page): Promise<Locator> {
  const button = page
    .getByRole("region", { name: "What happens" })
    .locator(".button--main:not([aria-disabled='true'])");
  await button.waitFor();
  return button;
}

/** Takes steps until the next one is named `label`; gives the names of those taken. */
export async function playTo(page: Page, label: RegExp): Promise<string[]> {
  const labels: string[] = [];
  for (;;) {
    const button = await nextButton(page);
    const name = (await button.textContent()) ?? "";
    if (label.test(name)) return labels;
    labels.push(name);
    await button.click();
    await changed(button, name);
  }
}

/** The check code that a device shows. */
export async function checkCode(page: Page, intent: Intent): Promise<string> {
  return (await device(page, intent).locator(".check-code__digits").textContent()) ?? "";
}

/** Types a code as the user does. */
export async function typeCode(page: Page, intent: Intent, code: string): Promise<void> {
  await device(page, intent).getByRole("textbox").fill(code);
  await device(page, intent).getByRole("button", { name: "Confirm" }).click();
}

export async function choose(page: Page, choice: string): Promise<void> {
  const radio = page.getByRole("radio", { name: choice, exact: true });
  if (!(await radio.isVisible())) await page.getByText("More", { exact: true }).click();
  await radio.check();
}

/** Waits until the button is named otherwise, or is gone. */
async function changed(button: Locator, name: string): Promise<void> {
  await button
    .filter({ hasNotText: name })
    .or(button.page().locator(".button--main[aria-disabled='true']"))
    .first()
    .waitFor();
}
