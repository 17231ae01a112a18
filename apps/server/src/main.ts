#!/usr/bin/env node
import process from "node:process";
import { run } from "@matrix-rendezvous/program";
import packageJson from "../package.json" with { type: "json" };
import { listen } from "./listen.ts";
import { SERVER_OPTIONS } from "./options.ts";

const program = {
  name: "matrix-rendezvous",
  version: packageJson.version,
  title: "The Matrix rendezvous server: lets clients sign in a new device by QR code (MSC4388).",
  options: SERVER_OPTIONS,
  listen,
  commands: {
    conformance: {
      usage: "URL",
      purpose: "hold any rendezvous server against the texts that it implements",
      run: async (args: readonly string[]) =>
        (await import("@matrix-rendezvous/testkit/conformance")).conformanceCommand(args),
    },
    doctor: {
      usage: "TARGET",
      purpose: "say why sign-in by QR code does not work at a homeserver, or that it does",
      // Loaded when it is asked for: who serves does not need it.
      run: async (args: readonly string[]) => (await import("@matrix-rendezvous/doctor")).doctorCommand(args),
    },
    health: {
      usage: "[flags]",
      purpose: "ask the server with that configuration whether it serves: exit code 0 or 1",
      run: async (args: readonly string[]) => (await import("./health.ts")).healthCommand(args),
    },
  },
};

await run(program, process.argv.slice(2));
