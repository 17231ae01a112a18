import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { parse, stringify } from "yaml";
import { eventually } from "../../apps/server/test/process-facts.ts";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";
import { freePort } from "../../integration/src/program.ts";
import { codeBlocks } from "../../scripts/code-blocks.ts";
import { builtBinary } from "../binary/built.ts";
import { untilServed } from "../serving.ts";
import { beginSessions, continueSessions } from "../sessions.ts";
import { bootMachine, type Machine } from "./machine.ts";

const UNIT = fileURLToPath(new URL("../../docs/deploy/matrix-rendezvous.service", import.meta.url));
const CONFIGURATION = fileURLToPath(new URL("../../docs/deploy/rendezvous.yaml", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/deploy/systemd.md", import.meta.url));
const SERVICE = "matrix-rendezvous.service";

/** What `systemd-analyze security` may say at most, in tenths, of 10. What is left is that it serves a network. */
const MOST_EXPOSURE = 11;

test("systemd's own check of exposure accepts the unit", () => {
  execFileSync("systemd-analyze", ["security", "--offline=true", `--threshold=${MOST_EXPOSURE}`, UNIT]);
});

test("a machine's systemd accepts, starts, restarts and stops it, and its sessions stay", async () => {
  await withMachine({ mode: "open" }, async (machine, url) => {
    const systemctl = (...args: string[]): string => machine.run("systemctl", ...args);
    const property = (name: string): string => systemctl("show", "--value", `--property=${name}`, SERVICE).trim();

    assert.equal(machine.run("systemd-analyze", "verify", SERVICE), "");
    systemctl("start", SERVICE);
    await untilServed(url);
    const begun = await beginSessions(url);

    // It may do nothing that a hardened service may not, and be seen by nobody.
    const pid = property("MainPID");
    const status = machine.run("cat", `/proc/${pid}/status`);
    for (const fact of [/^CapBnd:\s+0+$/m, /^CapEff:\s+0+$/m, /^NoNewPrivs:\s+1$/m, /^Seccomp:\s+2$/m]) {
      assert.match(status, fact);
    }
    const state = "/var/lib/private/matrix-rendezvous";
    assert.equal(machine.run("stat", "--format=%a %U", `${state}/data/rendezvous.db`).trim(), "600 matrix-rendezvous");
    assert.doesNotMatch(machine.run("stat", "--format=%u", state), /^0$/m);

    // It dies: systemd has it back, with what it had acknowledged.
    machine.run("kill", "-KILL", pid);
    assert.ok(await eventually(() => !["0", pid].includes(property("MainPID")), 10_000));
    await untilServed(url);
    await continueSessions(url, begun);

    systemctl("stop", SERVICE);
    assert.equal(property("ActiveState"), "inactive");
    assert.equal(property("Result"), "success");
  });
});

test("the page's own changes of the unit: an introspection secret that root alone can read, and a compiling engine", async () => {
  const introspection = {
    "introspection-url": "http://127.0.0.1:1/introspect",
    "introspection-client-id": "rendezvous",
  };
  const configuration = { mode: "authenticated", ...introspection };
  await withMachine(configuration, async (machine, url) => {
    const changes = codeBlocks(PAGE).filter(({ language }) => language === "ini");
    assert.equal(changes.length, 2);
    const folder = `/etc/systemd/system/${SERVICE}.d`;
    machine.run("mkdir", folder);
    for (const [index, { code }] of changes.entries()) write(machine, `${folder}/${index}.conf`, code);
    write(machine, "/etc/matrix-rendezvous/introspection-secret", "a secret");

    machine.run("systemctl", "daemon-reload");
    machine.run("systemctl", "start", SERVICE);
    await untilServed(url);
    assert.match(machine.run("journalctl", "--unit", SERVICE), /mode authenticated/);
    assert.equal(machine.run("systemctl", "show", "--value", "--property=MemoryDenyWriteExecute", SERVICE), "no\n");
  });
});

/** Writes a file that root alone can read. */
function write(machine: Machine, path: string, content: string): void {
  machine.run("sh", "-c", 'umask 077; printf "%s" "$1" >"$2"', "sh", content, path);
}

/** A machine with the unit, the binary, and the example's configuration with what a test has to change. */
async function withMachine(changes: object, body: (machine: Machine, url: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const folder = temporaryFolder();
  const configuration = join(folder.path, "rendezvous.yaml");
  // A test has no homeserver that could check access tokens.
  const { homeserver: _, ...example } = parse(readFileSync(CONFIGURATION, "utf8"));
  writeFileSync(configuration, stringify({ ...example, ...changes, port }), { mode: 0o600 });
  const binary = builtBinary();
  const machine = await bootMachine({
    [`/etc/systemd/system/${SERVICE}`]: UNIT,
    "/etc/matrix-rendezvous/rendezvous.yaml": configuration,
    "/usr/local/bin/matrix-rendezvous": binary.path,
  });
  try {
    await body(machine, `http://127.0.0.1:${port}`);
  } finally {
    await machine.off();
    binary.remove();
    folder.remove();
  }
}
