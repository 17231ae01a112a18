import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { type Runtime, runtime, test } from "@matrix-rendezvous/testkit/runner";
import type { Intent } from "../src/index.ts";
import { SECRETS } from "./conversation.ts";
import type { DeviceCommand } from "./device.ts";
import { other } from "./devices.ts";
import { listen } from "./listen.ts";
import { Program } from "./program.ts";
import { PROFILES } from "./vectors.ts";

const COMMANDS: Readonly<Record<Runtime, readonly string[]>> = {
  node: ["node"],
  bun: ["bun"],
  deno: ["deno", "run", "-A", "--no-check"],
};
const RUNTIMES = Object.keys(COMMANDS) as Runtime[];
const PROGRAM = fileURLToPath(new URL("./device.ts", import.meta.url));

/** A device on a runtime of its own. */
function start(on: Runtime): Program {
  const [command = "", ...args] = COMMANDS[on];
  return new Program(command, [...args, PROGRAM]);
}

test(`Devices of any two runtimes sign each other in, through a server on ${runtime}`, async () => {
  const server = await listen(createHandler({ store: memoryStore(), mode: "open", maxSessionsPerOwner: 100 }));
  const showing = new Map(RUNTIMES.map((each) => [each, start(each)]));
  const scanning = new Map(RUNTIMES.map((each) => [each, start(each)]));
  try {
    for (const devices of [showing, scanning]) {
      for (const [expected, device] of devices) assert.equal(await device.hear("runtime"), expected);
    }
    for (const g of showing.values()) {
      for (const s of scanning.values()) {
        for (const profile of PROFILES)
          for (const intent of ["new", "existing"] as const) {
            await signIn(g, s, { profile, baseUrl: server.baseUrl, intent });
          }
      }
    }
  } finally {
    for (const device of [...showing.values(), ...scanning.values()]) device.end();
    await server.close();
  }
});

async function signIn(g: Program, s: Program, common: Omit<DeviceCommand, "do">): Promise<void> {
  const intentOfS: Intent = other(common.intent);
  g.tell({ ...common, do: "show" });
  s.tell({ ...common, do: "scan", intent: intentOfS, qrCode: String(await g.hear("qrCode")) });
  g.tell({ checkCode: String(await s.hear("checkCode")) });
  const [gotByG, gotByS] = await Promise.all([g.hear("got"), s.hear("got")]);
  assert.deepEqual(common.intent === "new" ? gotByG : gotByS, SECRETS);
}
