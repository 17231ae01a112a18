import type { Results } from "../measurement.ts";
import { markdownReport } from "./report.ts";

const BEGIN = "<!-- What follows is written by `npm run docs:bench`. -->";
const END = "<!-- Until here. -->";

/**
 * The page with the numbers of a run in their place, and all else as it was.
 *
 * @throws Error where the page has no place for them
 */
export function withNumbers(page: string, results: Results): string {
  const [before, written] = page.split(BEGIN);
  const after = written?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no place between ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${markdownReport(results)}\n\n${END}${after}`;
}
