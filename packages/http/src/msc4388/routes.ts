import { MAX_PAYLOAD_BYTES, type RendezvousError, type Session } from "@matrix-rendezvous/core";
import { authenticate } from "../auth.ts";
import { type Checked, readJsonObject } from "../body.ts";
import { failure } from "../failure.ts";
import { isUnsafeFetch } from "../fetch-metadata.ts";
import type { Incoming } from "../incoming.ts";
import { limited, type RateLimiter, tooFast } from "../limits/limits.ts";
import type { Service } from "../options.ts";
import { ANSWERS as answers, type MatrixError, type Refuse } from "../respond.ts";
import type { RouteHandler, Routes } from "../routing.ts";
import { extensions, holdRead, INVALID_TIMEOUT, parseTimeout } from "./long-poll.ts";
import { parseCreate, parseWrite } from "./requests.ts";

export const UNSTABLE_PREFIX = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
export const STABLE_PREFIX = "/_matrix/client/v1/rendezvous";

/** Each byte of a payload may come as a six-character escape; the rest is for the other member, names and spaces. */
const MAX_BODY_BYTES = 6 * MAX_PAYLOAD_BYTES + 8192;

const UNSAFE: MatrixError = { status: 403, errcode: "M_FORBIDDEN", error: "Only scripts may fetch a payload" };

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Refuses, whatever was asked. */
export const refuse: Refuse = (error, _, headers) => answers.error(error, headers);

/** The routes of the 2025 version, to be mounted under one of its prefixes. */
export function msc4388Routes(service: Service, concurrentWrite: string): Routes {
  const { rendezvous, limits, networkOf } = service;
  const within = (limiter: RateLimiter | undefined, handler: RouteHandler): RouteHandler =>
    limited(limiter, networkOf, refuse, handler);

  /** Whose sessions the sender creates. Discovery asks the same: it says whether creating would work. */
  async function creator(incoming: Incoming): Promise<Checked<string>> {
    if (service.verifier === undefined) return { ok: true, value: networkOf(incoming) };
    const sender = await authenticate(incoming.request, service.verifier, (error) => {
      incoming.error = error;
    });
    return sender.ok ? { ok: true, value: `user:${sender.value.userId}` } : sender;
  }

  async function discover(incoming: Incoming): Promise<Response> {
    const owner = await creator(incoming);
    const more = extensions(rendezvous);
    if (owner.ok) return answers.json({ create_available: true, ...more });
    // A device that joins has no access token, and yet reads and writes: what is offered there, it learns here.
    return answers.error({ ...owner.error, more: { ...owner.error.more, ...more } });
  }

  async function create(incoming: Incoming): Promise<Response> {
    const owner = await creator(incoming);
    if (!owner.ok) return answers.error(owner.error);
    const refused = await tooFast(limits.create, owner.value);
    if (refused !== undefined) return answers.error(refused);
    const body = await readJsonObject(incoming.request, MAX_BODY_BYTES);
    if (!body.ok) return answers.error(body.error);
    const request = parseCreate(body.value);
    if (!request.ok) return answers.error(request.error);
    const created = await rendezvous.create(request.value, owner.value);
    if (!created.ok) return refusal(created.error);
    const { id, sequenceToken } = created.value;
    return answers.json({ id, sequence_token: sequenceToken, expires_in_ms: rendezvous.remaining(created.value) });
  }

  async function read(incoming: Incoming): Promise<Response> {
    if (isUnsafeFetch(incoming.request.headers)) return answers.error(UNSAFE);
    const { id } = incoming;
    const found = await rendezvous.read(id);
    if (!found.ok) return refusal(found.error);
    if (incoming.query("since") !== found.value.sequenceToken) return payloadAnswer(found.value);
    const timeoutMs = parseTimeout(incoming.query("timeout"));
    if (timeoutMs === undefined) return answers.error(INVALID_TIMEOUT);
    if (timeoutMs === 0) return payloadAnswer(found.value);
    await holdRead(rendezvous, id, found.value, timeoutMs, [incoming.request.signal, service.shutdown]);
    const after = await rendezvous.read(id);
    return after.ok ? payloadAnswer(after.value) : refusal(after.error);
  }

  function payloadAnswer(session: Session): Response {
    const { payload, sequenceToken } = session;
    const expiresInMs = rendezvous.remaining(session);
    return answers.json({ data: utf8.decode(payload), sequence_token: sequenceToken, expires_in_ms: expiresInMs });
  }

  async function write(incoming: Incoming): Promise<Response> {
    const body = await readJsonObject(incoming.request, MAX_BODY_BYTES);
    if (!body.ok) return answers.error(body.error);
    const request = parseWrite(body.value);
    if (!request.ok) return answers.error(request.error);
    const { id, txnId } = incoming;
    const written = await rendezvous.write(id, { ...request.value, transactionId: txnId });
    return written.ok ? answers.json({ sequence_token: written.value.sequenceToken }) : refusal(written.error);
  }

  async function cancel(incoming: Incoming): Promise<Response> {
    const cancelled = await rendezvous.cancel(incoming.id);
    return cancelled.ok ? answers.json({}) : refusal(cancelled.error);
  }

  function refusal(error: RendezvousError): Response {
    if (error.code !== "conflict") return answers.error(failure(error));
    return answers.error({ status: 409, errcode: concurrentWrite, error: "Somebody else wrote first" });
  }

  return {
    // Before anybody is asked about the token that came.
    "": {
      GET: within(service.verifier ? limits.write : limits.read, discover),
      POST: within(service.verifier && limits.write, create),
    },
    "/:id": { GET: within(limits.read, read), PUT: within(limits.write, write), DELETE: within(limits.write, cancel) },
    "/:id/:txnId": { PUT: within(limits.write, write) },
  };
}
