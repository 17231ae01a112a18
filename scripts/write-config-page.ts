/** Writes the documentation of the configuration from the options themselves. */
import { writeFileSync } from "node:fs";
import { configurationPage } from "@matrix-rendezvous/program";
import { SERVER_OPTIONS } from "../apps/server/src/options.ts";

writeFileSync("docs/configuration.md", configurationPage(SERVER_OPTIONS));
