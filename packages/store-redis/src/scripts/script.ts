import { createHash } from "node:crypto";

/** A Lua script, which the server runs as one step that nothing interrupts, and the hash that it is called by. */
export interface Script {
  readonly lua: string;
  readonly sha1: string;
}

export function script(lua: string): Script {
  return { lua, sha1: createHash("sha1").update(lua).digest("hex") };
}
