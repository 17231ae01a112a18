import { decodeUtf8 } from "../lib/text.ts";
import { RendezvousError } from "./errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** `undefined` where the body was no JSON object. */
  readonly body: JsonObject | undefined;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** 4,096 bytes, each escaped to six, with room for the other members: no legal answer is longer. */
const MAX_BODY_BYTES = 65_536;

/** @throws RendezvousError `invalid_response` where the body is longer than any legal one */
export async function readAnswer(response: Response, now: number): Promise<Answer> {
  const body = parseObject(await readBody(response));
  return { status: response.status, body, retryAfterMs: retryAfter(response.headers, body, now) };
}

async function readBody({ body, status }: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BODY_BYTES);
  let length = 0;
  const reader = body?.getReader();
  // Counted while it streams: a body without end must not fill the memory. (Safari cannot iterate over a stream.)
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    if (length + read.value.length > MAX_BODY_BYTES) {
      await reader?.cancel();
      throw new RendezvousError("invalid_response", `the answer is over ${MAX_BODY_BYTES} bytes`, { status });
    }
    bytes.set(read.value, length);
    length += read.value.length;
  }
  return bytes.subarray(0, length);
}

function parseObject(bytes: Uint8Array): JsonObject | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** The body's `retry_after_ms`, which a web page can always read, before the header, which it often cannot. */
function retryAfter(headers: Headers, body: JsonObject | undefined, now: number): number | undefined {
  const ms = body?.["retry_after_ms"];
  if (typeof ms === "number" && ms >= 0) return ms;
  const header = headers.get("Retry-After");
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
