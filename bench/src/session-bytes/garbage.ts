import { setTimeout as pause } from "node:timers/promises";

/** Bun has it as its own, Node and Deno behind V8's flag `--expose-gc`. */
const runtime: { readonly gc?: (() => void) | undefined; readonly Bun?: { gc(isSynchronous: boolean): void } } =
  globalThis;

/** Frees what nobody holds; freed memory goes back to the system a little later. */
export async function collectGarbage(): Promise<void> {
  for (let pass = 0; pass < 3; pass += 1) {
    if (runtime.Bun !== undefined) runtime.Bun.gc(true);
    else if (runtime.gc !== undefined) runtime.gc();
    else throw new Error("the garbage collector cannot be called: --expose-gc is missing");
    await pause(100);
  }
}
