import assert from "node:assert/strict";
import { ask, create, type Slot, write } from "../apps/server/test/sessions.ts";
import { create2024, sender } from "../integration/src/session-2024.ts";

/** A session of each version, begun on a server that is about to be restarted. */
export interface Begun {
  readonly slot2025: Slot;
  readonly path2024: string;
  readonly etag2024: string;
}

const send = sender();

/** Creates a session of each version. */
export async function beginSessions(url: string): Promise<Begun> {
  const slot2025 = await create(url, "from the new device");
  const { url: url2024, etag } = await create2024(send, url, "from the new device");
  return { slot2025, path2024: new URL(url2024).pathname, etag2024: etag };
}

/** What was begun is there, can be written once, and not twice on the same token. */
export async function continueSessions(url: string, { slot2025, path2024, etag2024 }: Begun): Promise<void> {
  assert.equal((await ask(url, "GET", `/${slot2025.id}`)).body["data"], "from the new device");
  assert.equal((await write(url, slot2025, "from the other")).status, 200);
  assert.equal((await write(url, slot2025, "too late")).status, 409);

  const session2024 = url + path2024;
  assert.equal(await (await send("GET", session2024)).text(), "from the new device");
  const precondition = { "If-Match": etag2024 };
  assert.equal((await send("PUT", session2024, precondition, "from the other")).status, 202);
  assert.equal((await send("PUT", session2024, precondition, "too late")).status, 412);
}
