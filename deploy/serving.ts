import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 20_000;

/** Waits until a server at `url` says that it serves. @throws Error where it has not after 20 seconds */
export async function untilServed(url: string): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!(await isServed(url))) {
    if (patience.aborted) throw new Error(`nobody serves ${url}`);
    await pause(20);
  }
}

async function isServed(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
