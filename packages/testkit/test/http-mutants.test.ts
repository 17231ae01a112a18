import assert from "node:assert/strict";
import { type HttpCheck, httpChecks } from "@matrix-rendezvous/testkit/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { guarded } from "./http-faults.ts";
import type { Mutant } from "./http-mutant.ts";
import { bodyMutants } from "./http-mutants-body.ts";
import { sessionMutants } from "./http-mutants-session.ts";
import { webMutants } from "./http-mutants-web.ts";
import { soundHandler, start } from "./http-server.ts";

for (const [name, mutant] of Object.entries({ ...sessionMutants, ...bodyMutants, ...webMutants })) {
  test(`a server where ${name} is caught`, () => assertCaught(mutant));
}

/** Each of the checks that are to catch it fails. (That they pass with a sound server is the other suite's to say.) */
async function assertCaught({ fault, options, target, caughtBy }: Mutant): Promise<void> {
  const server = await start(guarded(fault(soundHandler(options))));
  const checks = httpChecks({ baseUrl: server.baseUrl, mode: "open", ...target });
  const passed: string[] = [];
  for (const title of caughtBy) {
    const check = checks.find(({ group, name }) => `${group}: ${name}` === title);
    assert.ok(check, `there is no check "${title}"`);
    if (await passes(check)) passed.push(title);
  }
  await server.stop();
  assert.deepEqual(passed, [], "not noticed by these");
}

async function passes({ run }: HttpCheck): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
