import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { listening, type Program, type ServerProcess } from "../../apps/server/test/server-process.ts";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";
import { freePort } from "../../integration/src/program.ts";
import { beginSessions, continueSessions } from "../sessions.ts";
import { buildImage, contextOf } from "./image/build.ts";
import { newVolume, runContainer } from "./image/run.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
const IGNORED = read(".dockerignore");

const folder = temporaryFolder();
/** What a test that failed has left running. */
const running = new Set<Program>();
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGKILL");
    await ended;
  }
  folder.remove();
});

// A checkout in which somebody has worked, and built the binary.
const context = join(folder.path, "checkout");
for (const path of [".env", "data/rendezvous.db", "dist/notes.txt", "dist/packages/core/index.js", "src/main.ts"]) {
  mkdirSync(join(context, path, ".."), { recursive: true });
  writeFileSync(join(context, path), "a secret");
}
cpSync(new URL("LICENSE", ROOT), join(context, "LICENSE"));
execFileSync("bun", [fileURLToPath(new URL("deploy/binary/build.ts", ROOT)), join(context, "dist/matrix-rendezvous")]);

const root = join(folder.path, "root");
mkdirSync(root);
const image = buildImage(read("deploy/container/Dockerfile"), context, IGNORED, root);
const volume = newVolume(image, folder.path);

/** The first process of a container, as this machine knows it. */
function firstProcess({ child }: ServerProcess): number {
  return Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8"));
}

/** Stops it as an engine does. */
function stop(server: ServerProcess): Promise<number | null> {
  process.kill(firstProcess(server), image.stopSignal);
  return server.ended;
}

test("the engine sees the licence and the binary, and nothing else of a checkout", () => {
  assert.deepEqual([...contextOf(context, IGNORED)].sort(), ["LICENSE", "dist/matrix-rendezvous"]);
});

test("the image says what it is, and its version is the one of this repository", async () => {
  assert.equal(image.labels["org.opencontainers.image.licenses"], JSON.parse(read("package.json")).license);
  const program = runContainer(image, volume, [...image.entrypoint, "--version"]);
  assert.equal(await program.ended, 0, program.stderr());
  assert.equal(program.stdout().trim(), JSON.parse(read("apps/server/package.json")).version);
});

test("it serves as a user without rights, from a root that nobody can write to, and its sessions outlive it", async () => {
  const port = String(await freePort());
  const variables = { RENDEZVOUS_MODE: "open", RENDEZVOUS_PORT: port };
  const health = () => runContainer(image, volume, image.healthcheck, variables).ended;
  const serve = (): Promise<ServerProcess> => {
    const program = runContainer(image, volume, image.entrypoint, variables);
    running.add(program);
    return listening(program, "bun");
  };
  const url = `http://127.0.0.1:${port}`;
  assert.equal(await health(), 1);

  const first = await serve();
  // Whoever is outside of a container is no loopback address.
  assert.equal(first.url, `http://0.0.0.0:${port}`);
  const begun = await beginSessions(url);
  assert.equal(await health(), 0);
  const status = readFileSync(`/proc/${firstProcess(first)}/status`, "utf8");
  assert.match(status, /^NSpid:.*\t1$/m);
  assert.match(status, /^Uid:\t65532\t65532\t65532\t65532$/m);
  assert.match(status, /^Gid:\t65532\t65532\t65532\t65532$/m);
  assert.match(status, /^Groups:\t ?$/m);
  assert.match(status, /^CapEff:\t0+$/m);
  assert.equal(await stop(first), 0);

  assert.deepEqual(readdirSync(volume), ["rendezvous.db"]);
  const second = await serve();
  await continueSessions(url, begun);
  assert.equal(await stop(second), 0);
});

test("its port is the server's default, and its volume is the only place that it can write to", async () => {
  const configured = runContainer(image, volume, [...image.entrypoint, "config", "print", "--mode", "open"]);
  assert.equal(await configured.ended, 0, configured.stderr());
  assert.match(configured.stdout(), new RegExp(`^port: ${image.port}$`, "m"));

  const attempts = "for place in / /etc /usr/local/bin /data; do (: >$place/x) 2>/dev/null && echo $place; done; true";
  const program = runContainer(image, volume, ["sh", "-c", attempts]);
  assert.equal(await program.ended, 0, program.stderr());
  assert.equal(program.stdout(), "/data\n");
  assert.equal(statSync(join(root, "usr/local/bin/matrix-rendezvous")).uid, 0);
});
