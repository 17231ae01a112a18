import type { MatrixError } from "./respond.ts";

/** What was read from a request, or what was wrong with it. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: MatrixError };

/** A JSON object's members as they came: nothing is known of them yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

const TOO_LARGE: MatrixError = { status: 413, errcode: "M_TOO_LARGE", error: "The request body is too large" };
const TOO_SLOW: MatrixError = { status: 408, errcode: "M_UNKNOWN", error: "The request body did not come in time" };
const CUT_SHORT: MatrixError = { status: 400, errcode: "M_UNKNOWN", error: "The request body ended early" };
const NOT_UTF8: MatrixError = { status: 400, errcode: "M_NOT_JSON", error: "The request body is not UTF-8" };
const NOT_JSON: MatrixError = { status: 400, errcode: "M_NOT_JSON", error: "The request body is not JSON" };
const NOT_OBJECT: MatrixError = { status: 400, errcode: "M_BAD_JSON", error: "The request body is not a JSON object" };

// A byte order mark is kept, and then refused: it is not JSON (RFC 8259 section 8.1).
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * How long a body may take, in milliseconds, whoever sends it: from when its head had been read. Long enough for the
 * largest one over the slowest of mobile networks, and less than what an adapter gives the whole request.
 */
const TIMEOUT_MS = 20_000;

/** Reads the body, never more than `limit` bytes of it, and never for longer than `timeoutMs`. */
export async function readBody(
  message: Request | Response,
  limit: number,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Checked<Uint8Array>> {
  const declared = message.headers.get("Content-Length");
  if (declared !== null && Number(declared) > limit) return { ok: false, error: TOO_LARGE };
  // Of two promises that race, the loser and the race itself cost more than the timer does.
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ ok: false, error: TOO_SLOW }), timeoutMs);
    void readWhole(message, limit, declared).then((body) => {
      clearTimeout(timer);
      resolve(body);
    });
  });
}

async function readWhole(
  message: Request | Response,
  limit: number,
  declared: string | null,
): Promise<Checked<Uint8Array>> {
  try {
    // Of a request the runtime reads no more than was declared, so that needs no counting; an answer may be compressed.
    if (declared !== null && !(message instanceof Response) && message.headers.get("Transfer-Encoding") === null) {
      return { ok: true, value: new Uint8Array(await message.arrayBuffer()) };
    }
    return await readCounted(message, limit);
  } catch {
    return { ok: false, error: CUT_SHORT };
  }
}

async function readCounted(message: Request | Response, limit: number): Promise<Checked<Uint8Array>> {
  if (message.body === null) return { ok: true, value: new Uint8Array() };
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream: what is past the limit is not read.
  for await (const chunk of message.body) {
    length += chunk.length;
    if (length > limit) return { ok: false, error: TOO_LARGE };
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { ok: true, value: bytes };
}

/** Reads a body of at most `limit` bytes that must be a JSON object. */
export async function readJsonObject(message: Request | Response, limit: number): Promise<Checked<JsonObject>> {
  const body = await readBody(message, limit);
  if (!body.ok) return body;
  let text: string;
  try {
    text = utf8.decode(body.value);
  } catch {
    return { ok: false, error: NOT_UTF8 };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, error: NOT_JSON };
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? { ok: true, value: value as JsonObject } : { ok: false, error: NOT_OBJECT };
}

/** The member `name` of a body, which must be there and be a string. */
export function stringMember(body: JsonObject, name: string): Checked<string> {
  const value = body[name];
  if (typeof value === "string") return { ok: true, value };
  const missing = value === undefined;
  const errcode = missing ? "M_MISSING_PARAM" : "M_INVALID_PARAM";
  return {
    ok: false,
    error: { status: 400, errcode, error: missing ? `${name} is missing` : `${name} is not a string` },
  };
}
