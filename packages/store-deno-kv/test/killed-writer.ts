/** Both ends of a test of any store that kills a process while it writes: what it does, and what is known of it then. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { RendezvousStore } from "@matrix-rendezvous/core";

/** Creates a session and writes to it without end; prints the number of each write once it is acknowledged. */
export async function writeWithoutEnd(store: RendezvousStore, id: string): Promise<never> {
  const session = { payload: new Uint8Array(), sequenceToken: "0", expiresAt: 1000 };
  const admission = { owner: "alice", maxSessions: 1000, maxSessionsPerOwner: 1000, whenFull: "reject" } as const;
  await store.create(id, session, admission, 0);
  for (let count = 0; ; count += 1) {
    console.log(count);
    const write = { expectedToken: `${count}`, nextToken: `${count + 1}`, payload: new Uint8Array([count]) };
    const { type } = await store.write(id, write, 0);
    if (type !== "written") throw new Error(`a write was answered ${type}`);
  }
}

/** Kills the process after some of its writes, and gives the number of the last that it said to be acknowledged. */
export async function lastBeforeKill(child: ChildProcess, mostWrites: number): Promise<number> {
  assert.ok(child.stdout);
  const target = Math.random() * mostWrites;
  let last = -1;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last >= target) child.kill("SIGKILL");
  }
  if (child.signalCode === null) await once(child, "exit");
  assert.equal(child.signalCode, "SIGKILL");
  return last;
}
