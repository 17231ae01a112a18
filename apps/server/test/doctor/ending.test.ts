/** However the program ends: what it has created is deleted, what it was given stays with it, and it takes little. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { answersOf } from "../../../../packages/doctor/test/examination.ts";
import { PATH_2025 } from "../../../../packages/doctor/test/spoils.ts";
import { ACCESS_TOKEN, pathOf, startStandIn } from "../../../../packages/doctor/test/stand-in.ts";
import { RUNTIMES } from "../server-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type Doctor, doctor, reportIn, startDoctor } from "./doctor.ts";

const METADATA = "/_matrix/client/v1/auth_metadata";
/** More than a homeserver as it should be takes, in MiB: garbage that is not collected yet, mostly. */
const MOST_MORE_MIB = 64;

for (const runtime of RUNTIMES) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${runtime}: ${signal} in the middle: what was created is deleted, and the exit code is 1`, async () => {
      const standIn = await startStandIn(async (request, next) => {
        if (request.method !== "PUT") return await next(request);
        assert.equal(await standIn.live(), 1);
        program.child.kill(signal);
        // It does not wait for that.
        return await new Promise<Response>(() => {});
      });
      const program: Doctor = startDoctor(runtime, [standIn.url, "--json"]);
      const said = await program.said;
      assert.equal(await standIn.live(), 0);
      await standIn.close();
      assert.equal(said.code, 1);
      assert.equal(answersOf(reportIn(said)), "unknown unknown unknown unknown");
    });
  }

  test(`${runtime}: the access token is in nothing that is printed`, async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, "token");
    writeFileSync(file, `${ACCESS_TOKEN}\n`);
    let sent = 0;
    const standIn = await startStandIn(
      (request, next) => {
        const token = request.headers.get("Authorization");
        if (token === null) return next(request);
        assert.ok(pathOf(request).startsWith(PATH_2025), "it is for the rendezvous API alone");
        sent++;
        return Response.json({ errcode: token, error: token }, { status: 400 });
      },
      { mode: "authenticated" },
    );
    const args = [standIn.url, "--access-token-file", file];
    const said = await Promise.all([doctor(runtime, args), doctor(runtime, [...args, "--json"])]);
    await standIn.close();
    folder.remove();
    assert.equal(sent, 2);
    for (const { code, stdout, stderr } of said) {
      assert.equal(code, 1);
      assert.ok(!(stdout + stderr).includes(ACCESS_TOKEN));
    }
  });

  test(`${runtime}: of answers that are far too long, little is kept in memory`, async () => {
    const normal = await peakMiB(runtime, undefined);
    for (const [name, body, headers] of [
      ["10 MB of JSON", JSON.stringify({ versions: ["x".repeat(10_000_000)] }), {}],
      [
        "100 MB that are small while compressed",
        gzipSync(Buffer.alloc(100_000_000, " ")),
        { "Content-Encoding": "gzip" },
      ],
    ] as const) {
      const peak = await peakMiB(runtime, () => new Response(body, { headers }));
      assert.ok(peak < normal + MOST_MORE_MIB, `${name}: ${peak} MiB, and ${normal} MiB without`);
    }
  });
}

/** The most memory that the doctor has had by the time it asks what comes after the OAuth metadata. */
async function peakMiB(runtime: (typeof RUNTIMES)[number], answer: (() => Response) | undefined): Promise<number> {
  let peak = 0;
  const standIn = await startStandIn((request, next) => {
    if (pathOf(request) === METADATA && answer !== undefined) return answer();
    if (peak === 0 && pathOf(request).startsWith(PATH_2025)) {
      const status = readFileSync(`/proc/${program.child.pid}/status`, "utf8");
      peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
      program.child.kill("SIGKILL");
    }
    return next(request);
  });
  const program = startDoctor(runtime, [standIn.url]);
  await once(program.child, "close");
  await standIn.close();
  assert.ok(peak > 0, "the doctor did not come so far");
  return peak;
}
