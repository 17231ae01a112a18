import { setTimeout } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import type { Courtesy } from "./check.ts";

/** Longest wait for one answer where nothing else is said, in milliseconds. */
export const WAIT_MS = 5000;

/** Largest body that is taken in, in bytes: many times what any answer of a rendezvous server has. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Longest wait that a 429 may ask for, in milliseconds; past it, the 429 is the answer. */
const LONGEST_RETRY_MS = 30_000;

/** There was no whole answer: the server cannot be reached, or is not one. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export interface Message {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Sends with `fetch`, and follows no redirect.
 *
 * @throws NoAnswer where none comes within `waitMs` milliseconds, or one too large to be an answer
 */
export async function exchange(
  method: string,
  url: string,
  { headers = {}, body }: Message,
  waitMs: number = WAIT_MS,
): Promise<Answer> {
  const signal = AbortSignal.timeout(waitMs);
  try {
    const response = await fetch(url, { method, headers, body: body ?? null, redirect: "manual", signal });
    return { status: response.status, headers: response.headers, body: await bodyOf(response) };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(signal.aborted ? `no answer within ${waitMs} ms` : `no answer: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Asks, and where it is asked to come back later, once more then. */
export async function patiently(attempt: () => Promise<Answer>, courtesy: Courtesy | undefined): Promise<Answer> {
  courtesy?.onRequest();
  const answer = await attempt();
  const retryMs = retryAfterMs(answer);
  if (courtesy === undefined || retryMs === undefined || retryMs > LONGEST_RETRY_MS) return answer;
  if (!courtesy.mayWait(retryMs)) return answer;
  await setTimeout(retryMs);
  courtesy.onRequest();
  return attempt();
}

/** What a 429 asks for, in milliseconds; `undefined` where nothing does. */
function retryAfterMs({ status, headers, body }: Answer): number | undefined {
  if (status !== 429) return undefined;
  const [, inBody] = /"retry_after_ms"\s*:\s*(\d{1,9})\b/.exec(new TextDecoder().decode(body)) ?? [];
  if (inBody !== undefined) return Number(inBody);
  const inHeader = headers.get("retry-after");
  return inHeader !== null && /^\d{1,6}$/.test(inHeader) ? Number(inHeader) * 1000 : undefined;
}

async function bodyOf({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Not every runtime's types have bodies that can be iterated over.
  const reader = body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    length += read.value.length;
    if (length > MAX_BODY_BYTES) {
      await reader?.cancel();
      throw new NoAnswer(`the answer's body is longer than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(read.value);
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** The innermost cause says what happened: refused, unknown host, a certificate that has expired. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (!(innermost instanceof Error)) return String(innermost);
  const code = "code" in innermost && typeof innermost.code === "string" ? innermost.code : "";
  return innermost.message || code || innermost.name;
}
