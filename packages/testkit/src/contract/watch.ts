import assert from "node:assert/strict";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { Rules } from "./scenario.ts";

/** Ends a test whose watch nothing wakes. No answer depends on it. In milliseconds. */
const GIVE_UP_AFTER_MS = 20_000;

export const watch: Rules = {
  "a watch ends at once where the token is not current, or there is no session": async (s) => {
    const { id, token } = await s.start();
    await woken(s.handles[0], id, "another");
    await woken(s.handles[0], "unknown", token);
    await s.cancel(id);
    await woken(s.handles[0], id, token);
  },

  "a write wakes every watch of the session, through whichever handle": async (s) => {
    let { id, token } = await s.start();
    for (const through of s.handles) {
      const watching = s.handles.map((handle) => woken(handle, id, token));
      const written = await s.write(id, { expected: token, through });
      await Promise.all(watching);
      token = written.token ?? "";
    }
  },

  "a cancellation wakes a watch": async (s) => {
    const { id, token } = await s.start();
    const watching = s.handles.map((handle) => woken(handle, id, token));
    await s.cancel(id);
    await Promise.all(watching);
  },

  "an eviction wakes a watch": async (s) => {
    const { id, token } = await s.start({ maxSessions: 1 });
    const watching = s.handles.map((handle) => woken(handle, id, token));
    await s.start({ maxSessions: 1, whenFull: "evict-oldest", through: s.handles.at(-1) });
    await Promise.all(watching);
  },

  "a write at the moment when a watch begins is not missed": async (s) => {
    let { id, token } = await s.start();
    for (let round = 0; round < 30; round += 1) {
      const [through, writer] = [s.handles[round % s.handles.length], s.handles[(round + 1) % s.handles.length]];
      const writing = s.write(id, { expected: token, through: writer });
      const watching = woken(through ?? s.handles[0], id, token);
      token = (await writing).token ?? "";
      await watching;
    }
  },

  "a watch ends when it is aborted, before it begins or later": async (s) => {
    const { id, token } = await s.start();
    await s.handles[0].watch?.(id, token, AbortSignal.abort());
    const controller = new AbortController();
    const watching = s.handles.map((handle) => handle.watch?.(id, token, controller.signal));
    await s.read(id);
    controller.abort();
    await Promise.all(watching);
    assert.equal((await s.write(id, { expected: token })).type, "written");
  },
};

async function woken(store: RendezvousStore, id: string, token: string): Promise<void> {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  await store.watch?.(id, token, signal);
  assert.ok(!signal.aborted, "nothing woke the watch");
}
