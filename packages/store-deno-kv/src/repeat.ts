/** What an attempt gives that others were faster than: the next one starts from what there is then. */
export const AGAIN = undefined;

/** Longest pause between two attempts, in milliseconds. */
const LONGEST_PAUSE_MS = 50;

/** Attempts until one gives an answer; rejects where none does in time. */
export async function repeat<T>(attempt: () => Promise<T | undefined>, timeoutMs: number): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const tooLate = new Promise<never>((_, reject) => {
    late.signal.addEventListener("abort", () => reject(late.signal.reason));
  });
  try {
    return await Promise.race([tooLate, persist(attempt, late.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

async function persist<T>(attempt: () => Promise<T | undefined>, late: AbortSignal): Promise<T> {
  for (let longestMs = 0; ; longestMs = Math.min(2 * longestMs + 1, LONGEST_PAUSE_MS)) {
    late.throwIfAborted();
    const answer = await attempt().catch(onlyLocked);
    if (answer !== AGAIN) return answer;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestMs));
  }
}

/** A file that several processes share is locked while one of them writes; Deno KV does not wait for it. */
function onlyLocked(error: unknown): typeof AGAIN {
  if (!(error instanceof Error && error.message.includes("database is locked"))) throw error;
  return AGAIN;
}
