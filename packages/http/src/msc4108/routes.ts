import { MAX_PAYLOAD_BYTES, type Rendezvous, type RendezvousError, type Revision } from "@matrix-rendezvous/core";
import { type Checked, readBody } from "../body.ts";
import { failure } from "../failure.ts";
import type { Incoming } from "../incoming.ts";
import { type Limits, limited, type RateLimiter } from "../limits/limits.ts";
import { MSC4108_ANSWERS as answers, type MatrixError, type Refuse } from "../respond.ts";
import type { RouteHandler, Routes } from "../routing.ts";
import { etagOf, knownEtag, matchesAny, tokenOf } from "./etag.ts";

export const CREATE_PATH = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
export const SESSION_PATH = "/_synapse/client/rendezvous";

/** Tells the sessions of the 2024 version apart from those of the 2025 version, which share the store. */
export const ID_PREFIX = "~";

/** What the routes of the 2024 version need. */
export interface Msc4108 {
  readonly rendezvous: Rendezvous;
  /** The URL of a session, absolute: it goes into the QR code as it is. */
  readonly sessionUrl: (id: string) => string;
  /** Whose share a session takes, and whose requests are counted. */
  readonly networkOf: (incoming: Incoming) => string;
  readonly limits: Limits;
}

// Exactly this: a client drops a payload that comes with a charset.
const TEXT = { "Content-Type": "text/plain" };

export function createRoutes(service: Msc4108): Routes {
  const { rendezvous, sessionUrl, networkOf, limits } = service;

  // No access token here, in any mode: clients of the 2024 version have none to send.
  async function create(incoming: Incoming): Promise<Response> {
    const payload = await readPayload(incoming.request);
    if (!payload.ok) return answers.error(payload.error);
    const created = await rendezvous.create(payload.value, networkOf(incoming));
    if (!created.ok) return refusal(created.error);
    return answers.json({ url: sessionUrl(created.value.id) }, 201, validators(created.value));
  }

  return { "": { POST: within(service, limits.create, create) } };
}

export function sessionRoutes(service: Msc4108): Routes {
  const { rendezvous, limits } = service;

  async function read(incoming: Incoming): Promise<Response> {
    const found = await rendezvous.read(incoming.id);
    if (!found.ok) return refusal(found.error);
    const { payload, sequenceToken } = found.value;
    const ifNoneMatch = incoming.request.headers.get("If-None-Match");
    if (ifNoneMatch !== null && matchesAny(ifNoneMatch, sequenceToken)) {
      return answers.raw(null, 304, validators(found.value));
    }
    const body = payload as Uint8Array<ArrayBuffer>;
    return answers.raw(body, 200, { ...TEXT, ...validators(found.value) });
  }

  async function write(incoming: Incoming): Promise<Response> {
    const payload = await readPayload(incoming.request);
    if (!payload.ok) return answers.error(payload.error);
    const ifMatch = incoming.request.headers.get("If-Match");
    if (ifMatch === null) return answers.error(missing("If-Match"));
    const request = { sequenceToken: tokenOf(ifMatch), payload: payload.value };
    const written = await rendezvous.write(incoming.id, request);
    if (!written.ok) return refusal(written.error);
    // Cloudflare takes the ETag off an answer that has no Content-Type, even where there is no content.
    return answers.raw(null, 202, { ...TEXT, "Content-Length": "0", ...validators(written.value) });
  }

  async function cancel(incoming: Incoming): Promise<Response> {
    const cancelled = await rendezvous.cancel(incoming.id);
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

/** Refuses; a read, with the ETag that it says it knows. */
export const refuse: Refuse = (error, request, headers) => answers.error(error, { ...headers, ...knownEtag(request) });

/** The handler, for client networks that are not too fast. */
function within({ networkOf }: Msc4108, limiter: RateLimiter | undefined, handler: RouteHandler): RouteHandler {
  return limited(limiter, networkOf, refuse, handler);
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
