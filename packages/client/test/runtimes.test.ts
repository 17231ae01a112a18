import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler, type Handler, type Listening, type ListenOptions } from "@matrix-rendezvous/http";
import { type Runtime, runtime, test } from "@matrix-rendezvous/testkit/runner";
import type { Intent } from "../src/index.ts";
import { SECRETS } from "./conversation.ts";
import type { DeviceCommand } from "./device.ts";
import { other } from "./devices.ts";
import { PROFILES } from "./vectors.ts";

const COMMANDS: Readonly<Record<Runtime, readonly string[]>> = {
  node: ["node"],
  bun: ["bun"],
  deno: ["deno", "run", "-A", "--no-check"],
};
const RUNTIMES = Object.keys(COMMANDS) as Runtime[];
const PROGRAM = fileURLToPath(new URL("./device.ts", import.meta.url));

/** A device on a runtime of its own. */
class Device {
  readonly #process;
  readonly #lines;
  readonly #errors: string[] = [];

  constructor(runtimeOfDevice: Runtime) {
    const [command = "", ...args] = COMMANDS[runtimeOfDevice];
    this.#process = spawn(command, [...args, PROGRAM], { stdio: "pipe" });
    this.#process.stderr.on("data", (chunk) => this.#errors.push(String(chunk)));
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  tell(words: DeviceCommand | { checkCode: string }): void {
    this.#process.stdin.write(`${JSON.stringify(words)}\n`);
  }

  async hear(member: string): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    const words = done ? {} : JSON.parse(value);
    assert.ok(member in words, `no ${member} but ${value}: ${this.#errors.join("")}`);
    return words[member];
  }

  end(): void {
    this.#process.stdin.end();
    this.#process.kill();
  }
}

test(`Devices of any two runtimes sign each other in, through a server on ${runtime}`, async () => {
  const { serve }: { serve: (handler: Handler, options: ListenOptions) => Promise<Listening> } = await import(
    `@matrix-rendezvous/${runtime}`
  );
  const server = await serve(createHandler({ store: memoryStore(), mode: "open", maxSessionsPerOwner: 100 }), {
    port: 0,
  });
  const showing = new Map(RUNTIMES.map((each) => [each, new Device(each)]));
  const scanning = new Map(RUNTIMES.map((each) => [each, new Device(each)]));
  try {
    for (const devices of [showing, scanning]) {
      for (const [expected, device] of devices) assert.equal(await device.hear("runtime"), expected);
    }
    const baseUrl = `http://${server.hostname}:${server.port}`;
    for (const g of showing.values()) {
      for (const s of scanning.values()) {
        for (const profile of PROFILES)
          for (const intent of ["new", "existing"] as const) {
            await signIn(g, s, { profile, baseUrl, intent });
          }
      }
    }
  } finally {
    for (const device of [...showing.values(), ...scanning.values()]) device.end();
    await server.close();
  }
});

async function signIn(g: Device, s: Device, common: Omit<DeviceCommand, "do">): Promise<void> {
  const intentOfS: Intent = other(common.intent);
  g.tell({ ...common, do: "show" });
  s.tell({ ...common, do: "scan", intent: intentOfS, qrCode: String(await g.hear("qrCode")) });
  g.tell({ checkCode: String(await s.hear("checkCode")) });
  const [gotByG, gotByS] = await Promise.all([g.hear("got"), s.hear("got")]);
  assert.deepEqual(common.intent === "new" ? gotByG : gotByS, SECRETS);
}
