#!/usr/bin/env node
import process from "node:process";
import { run } from "@matrix-rendezvous/program";
import packageJson from "../package.json" with { type: "json" };
import { PROXY_OPTIONS } from "./options.ts";
import { listen } from "./proxy.ts";

const program = {
  name: "matrix-rendezvous-proxy",
  version: packageJson.version,
  title: "The Matrix rendezvous API in front of a Synapse; everything else goes through to it.",
  options: PROXY_OPTIONS,
  listen,
};

await run(program, process.argv.slice(2));
