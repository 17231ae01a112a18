/** Names what the suites that need services lack on this machine, and what installs it; fails where that is anything. */
import process from "node:process";
import { missing, NEEDS } from "./needs.ts";

for (const sentence of await missing(NEEDS)) {
  console.error(sentence);
  process.exitCode = 1;
}
