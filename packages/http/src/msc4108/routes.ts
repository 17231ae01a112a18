import {
  isSequenceToken,
  MAX_PAYLOAD_BYTES,
  type Rendezvous,
  type RendezvousError,
  type Revision,
} from "@matrix-rendezvous/core";
import type { Context } from "hono";
import { type Checked, readBody } from "../body.ts";
import { failure } from "../failure.ts";
import { type Limits, limited, type RateLimiter } from "../limits/limits.ts";
import { clientNetwork } from "../owner.ts";
import { MSC4108_ANSWERS as answers, type MatrixError } from "../respond.ts";
import type { RouteHandler, Routes } from "../routing.ts";
import { etagOf, matchesAny, tokenOf } from "./etag.ts";

export const CREATE_PATH = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
export const SESSION_PATH = "/_synapse/client/rendezvous";

/** Tells the sessions of the 2024 version apart from those of the 2025 version, which share the store. */
export const ID_PREFIX = "~";

/** What the routes of the 2024 version need. */
export interface Msc4108 {
  readonly rendezvous: Rendezvous;
  /** The URL of a session, absolute: it goes into the QR code as it is. */
  readonly sessionUrl: (id: string) => string;
  readonly clientAddress: (c: Context) => string | undefined;
  readonly limits: Limits;
}

// Exactly this: a client drops a payload that comes with a charset.
const TEXT = { "Content-Type": "text/plain" };

export function createRoutes(service: Msc4108): Routes {
  const { rendezvous, sessionUrl, clientAddress, limits } = service;

  // No access token here, in any mode: clients of the 2024 version have none to send.
  async function create(c: Context): Promise<Response> {
    const payload = await readPayload(c.req.raw);
    if (!payload.ok) return answers.error(payload.error);
    const created = await rendezvous.create(payload.value, clientNetwork(clientAddress(c)));
    if (!created.ok) return refusal(created.error);
    return answers.json({ url: sessionUrl(created.value.id) }, 201, validators(created.value));
  }

  return { "": { POST: within(service, limits.create, create) } };
}

export function sessionRoutes(service: Msc4108): Routes {
  const { rendezvous, limits } = service;

  async function read(c: Context): Promise<Response> {
    const found = await rendezvous.read(c.req.param("id") ?? "");
    if (!found.ok) return refusal(found.error);
    const { payload, sequenceToken } = found.value;
    const ifNoneMatch = c.req.header("If-None-Match");
    if (ifNoneMatch !== undefined && matchesAny(ifNoneMatch, sequenceToken)) {
      return answers.raw(null, 304, validators(found.value));
    }
    const body = payload as Uint8Array<ArrayBuffer>;
    return answers.raw(body, 200, { ...TEXT, ...validators(found.value) });
  }

  async function write(c: Context): Promise<Response> {
    const payload = await readPayload(c.req.raw);
    if (!payload.ok) return answers.error(payload.error);
    const ifMatch = c.req.header("If-Match");
    if (ifMatch === undefined) return answers.error(missing("If-Match"));
    const request = { sequenceToken: tokenOf(ifMatch), payload: payload.value };
    const written = await rendezvous.write(c.req.param("id") ?? "", request);
    if (!written.ok) return refusal(written.error);
    // Cloudflare takes the ETag off an answer that has no Content-Type, even where there is no content.
    return answers.raw(null, 202, { ...TEXT, "Content-Length": "0", ...validators(written.value) });
  }

  async function cancel(c: Context): Promise<Response> {
    const cancelled = await rendezvous.cancel(c.req.param("id") ?? "");
    return cancelled.ok ? answers.raw(null, 204, {}) : refusal(cancelled.error);
  }

  return {
    "/:id": {
      GET: within(service, limits.read, read),
      PUT: within(service, limits.write, write),
      DELETE: within(service, limits.write, cancel),
    },
  };
}

/** The handler, for client networks that are not too fast. */
function within({ clientAddress }: Msc4108, limiter: RateLimiter | undefined, handler: RouteHandler): RouteHandler {
  const refuse = (error: MatrixError, c: Context): Response => answers.error(error, knownEtag(c));
  return limited(limiter, (c) => clientNetwork(clientAddress(c)), refuse, handler);
}

/**
 * The ETag that a read says it knows: clients remember that of every answer. Without one in a refusal, they ask without a
 * condition next, and take what they know already for the other device's answer.
 */
function knownEtag(c: Context): Record<string, string> {
  const token = tokenOf(c.req.header("If-None-Match") ?? "");
  return isSequenceToken(token) ? { ETag: etagOf(token) } : {};
}

/** The body, which the 2024 version sends as it is. */
async function readPayload(request: Request): Promise<Checked<Uint8Array>> {
  const contentType = request.headers.get("Content-Type");
  if (contentType === null) return { ok: false, error: missing("Content-Type") };
  const isText = contentType.split(";")[0]?.trim().toLowerCase() === "text/plain";
  const wrong: MatrixError = { status: 400, errcode: "M_INVALID_PARAM", error: "Content-Type must be text/plain" };
  return isText ? readBody(request, MAX_PAYLOAD_BYTES) : { ok: false, error: wrong };
}

function missing(header: string): MatrixError {
  return { status: 400, errcode: "M_MISSING_PARAM", error: `The header ${header} is missing` };
}

/** What clients read from every answer about a session that is there: a missing one ends, or misleads, their polling. */
function validators(revision: Revision): Record<string, string> {
  return {
    ETag: etagOf(revision.sequenceToken),
    Expires: httpDate(revision.expiresAt),
    "Last-Modified": httpDate(revision.modifiedAt),
  };
}

function httpDate(unixMs: number): string {
  return new Date(unixMs).toUTCString();
}

function refusal(error: RendezvousError): Response {
  if (error.code !== "conflict") return answers.error(failure(error));
  const errcode = { errcode: "M_UNKNOWN", "org.matrix.msc4108.errcode": "M_CONCURRENT_WRITE" };
  return answers.json({ ...errcode, error: "Somebody else wrote first" }, 412, validators(error.current));
}
