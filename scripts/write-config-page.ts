/** Writes the documentation of the configuration from the options themselves. */
import { writeFileSync } from "node:fs";
import { configurationPage } from "../apps/server/src/config/page.ts";

writeFileSync("docs/configuration.md", configurationPage());
