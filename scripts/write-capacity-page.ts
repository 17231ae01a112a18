/** Writes the page about capacity from what was measured and assumed. */
import { readFileSync, writeFileSync } from "node:fs";
import { capacityPage } from "../apps/site/src/capacity-page.ts";

const inputs = JSON.parse(readFileSync("docs/operate/capacity.json", "utf8"));
writeFileSync("docs/operate/capacity.md", capacityPage(inputs));
