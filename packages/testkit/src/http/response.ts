import type { Answer } from "./answer.ts";

/** One response off the front of what a connection has received, and what follows it. */
export interface Parsed {
  readonly answer: Answer;
  readonly rest: Uint8Array;
}

const LINE_END = "\r\n";

/**
 * Reads one HTTP/1.1 response. It is as strict as a client has to be: what does not parse is an error of the server's.
 *
 * @param method of the request that it answers: a response to HEAD has no body, whatever its headers say
 * @param ended whether the server has hung up, which ends a body that says no length
 * @returns `undefined` where the response is not whole yet
 */
export function parseResponse(bytes: Uint8Array, method: string, ended: boolean): Parsed | undefined {
  const headEnd = find(bytes, LINE_END + LINE_END, 0);
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = latin1(bytes.subarray(0, headEnd)).split(LINE_END);
  const match = /^HTTP\/1\.[01] ([1-9]\d\d)( .*)?$/.exec(statusLine);
  if (match === null) throw new Error(`not a status line: ${JSON.stringify(statusLine.slice(0, 80))}`);
  const status = Number(match[1]);
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new Error(`not a header: ${JSON.stringify(line.slice(0, 80))}`);
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const after = bytes.subarray(headEnd + 4);
  const body = bodyOf(after, headers, ended, method === "HEAD" || status < 200 || status === 204 || status === 304);
  if (body === undefined) return undefined;
  return { answer: { status, headers, body: body.bytes }, rest: after.subarray(body.length) };
}

interface Body {
  readonly bytes: Uint8Array;
  /** How many bytes it took on the wire. */
  readonly length: number;
}

function bodyOf(after: Uint8Array, headers: Headers, ended: boolean, bodyless: boolean): Body | undefined {
  if (bodyless) return { bytes: new Uint8Array(), length: 0 };
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") return chunkedBody(after);
  const declared = headers.get("content-length");
  if (declared === null) return ended ? { bytes: after, length: after.length } : undefined;
  if (!/^\d+$/.test(declared)) throw new Error(`not a length: ${declared}`);
  const length = Number(declared);
  return after.length < length ? undefined : { bytes: after.subarray(0, length), length };
}

function chunkedBody(after: Uint8Array): Body | undefined {
  const chunks: Uint8Array[] = [];
  for (let at = 0; ; ) {
    const sizeEnd = find(after, LINE_END, at);
    if (sizeEnd < 0) return undefined;
    const size = Number.parseInt(latin1(after.subarray(at, sizeEnd)), 16);
    if (Number.isNaN(size)) throw new Error("not a chunk size");
    const start = sizeEnd + 2;
    const end = start + size + 2;
    if (after.length < end) return undefined;
    if (latin1(after.subarray(end - 2, end)) !== LINE_END) throw new Error("a chunk is longer than it says");
    if (size === 0) return { bytes: join(chunks), length: end };
    chunks.push(after.subarray(start, end - 2));
    at = end;
  }
}

/** The bytes of several arrays in one. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function find(bytes: Uint8Array, ascii: string, from: number): number {
  const wanted = new TextEncoder().encode(ascii);
  for (let at = from; at + wanted.length <= bytes.length; at += 1) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
