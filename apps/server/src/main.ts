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
  // Loaded when it is asked for: who serves does not need it.
  commands: {
    doctor: async (args: readonly string[]) => (await import("@matrix-rendezvous/doctor")).doctorCommand(args),
  },
};

await run(program, process.argv.slice(2));
