import axe from "axe-core";
import type { Page } from "playwright-core";

/** Makes a page light or dark, and gives what axe objects to: all it knows in light, in dark the colours alone. */
export async function violations(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const options: axe.RunOptions = colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {};
  return page.evaluate(async (choice) => {
    const { axe: engine } = globalThis as unknown as { axe: typeof axe };
    const { violations: found } = await engine.run(choice);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, options);
}
