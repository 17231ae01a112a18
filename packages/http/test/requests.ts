import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler, type Handler, type HandlerOptions } from "@matrix-rendezvous/http";

export const UNSTABLE = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
export const STABLE = "/_matrix/client/v1/rendezvous";

/** A handler over an empty memory store, open to all unless `options` say otherwise. */
export function handlerWith(options: Partial<HandlerOptions> = {}): Handler {
  return createHandler({ store: memoryStore(), mode: "open", ...options });
}

export function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Request {
  const init: RequestInit = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return new Request(`http://localhost${path}`, init);
}

/** Asserts that `response` is a Matrix error that any page can read and nothing caches. */
export async function assertError(response: Response, status: number, errcode: string): Promise<void> {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.equal(((await response.json()) as { errcode: string }).errcode, errcode);
}
