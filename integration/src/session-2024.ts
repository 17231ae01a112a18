import assert from "node:assert/strict";
import { CREATE_2024 } from "./paths.ts";

/** Sends one request of the 2024 version; a body goes as `text/plain`. */
export type Send = (method: string, url: string, headers?: Record<string, string>, body?: string) => Promise<Response>;

export function sender(fetchFn: typeof fetch = fetch): Send {
  return (method, url, headers = {}, body) => {
    const type: Record<string, string> = body === undefined ? {} : { "Content-Type": "text/plain" };
    return fetchFn(url, { method, headers: { ...type, ...headers }, body: body ?? null });
  };
}

/** A new session's URL and ETag, as its creator got them. */
export async function create2024(send: Send, server: string, payload = ""): Promise<{ url: string; etag: string }> {
  const answer = await send("POST", server + CREATE_2024, {}, payload);
  assert.equal(answer.status, 201);
  const { url } = (await answer.json()) as { url: string };
  return { url, ...validators(answer) };
}

/** The ETag of an answer about a session, which must have all that clients look for besides. */
export function validators({ status, headers }: Response): { etag: string } {
  const etag = headers.get("ETag");
  assert.ok(etag, `a ${status} has an ETag`);
  for (const name of ["Expires", "Last-Modified"]) {
    assert.ok(Number.isFinite(Date.parse(headers.get(name) ?? "")), `a ${status} has ${name}`);
  }
  assert.equal(headers.get("Access-Control-Allow-Origin"), "*");
  assert.equal(headers.get("Access-Control-Expose-Headers"), "ETag");
  assert.equal(headers.get("Cache-Control"), "no-store, no-transform");
  assert.equal(headers.get("Pragma"), "no-cache");
  return { etag };
}
