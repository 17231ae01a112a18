/** A rendezvous server of both versions, as somebody would write it from the texts, on `node:http` alone. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { answer2024 } from "./stand-in-2024.ts";
import { answer2025 } from "./stand-in-2025.ts";

export interface Session {
  data: Buffer;
  token: string;
  expiresAt: number;
  modifiedAt: number;
}

export interface Ask {
  readonly method: string;
  /** After what is common to all paths of the version; empty where sessions are created. */
  readonly id: string;
  readonly version: "2025" | "2024";
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What is wrong with it: each member replaces what is right. */
export interface Fault {
  readonly id?: () => string;
  /** The token after a write; `sequence` is one that has not been used. */
  readonly token?: (sequence: string, session: Session, data: Buffer) => string;
  /** How many milliseconds a session lives. */
  readonly livesMs?: number;
  /** Told of each write that is accepted. */
  readonly onWrite?: (session: Session) => void;
  /** Whether a write may be made with that token. */
  readonly isCurrent?: (token: string, session: Session) => boolean;
  /** Whether a write with a token that is not current is a retry. */
  readonly isRetry?: (session: Session, data: Buffer) => boolean;
  /** How large a payload is. */
  readonly sizeOf?: (data: Buffer) => number;
  /** Changes an answer; the last thing that happens to it. */
  readonly reply?: (reply: Reply, ask: Ask) => Reply;
}

export interface StandIn {
  readonly url: string;
  /** How many sessions it holds. */
  readonly live: () => number;
  readonly close: () => void;
}

export interface World {
  readonly url: string;
  readonly sessions: Map<string, Session>;
  readonly fault: Fault;
  readonly fresh: () => string;
}

const PATHS = {
  "2025": /^\/base\/_matrix\/client\/unstable\/io\.element\.msc4388\/rendezvous(?:\/([^/]*))?$/,
  "2024": /^(?:\/base\/_matrix\/client\/unstable\/org\.matrix\.msc4108\/rendezvous|\/sessions\/([^/]*))$/,
} as const;

export const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers": "X-Requested-With, Content-Type, Authorization, If-Match, If-None-Match",
  "access-control-expose-headers": "ETag",
  "cache-control": "no-store",
  pragma: "no-cache",
};

export const LIVES_MS = 180_000;

export async function startStandIn(fault: Fault = {}): Promise<StandIn> {
  const sessions = new Map<string, Session>();
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { status, headers, body } = answer(incoming, Buffer.concat(chunks));
    outgoing.writeHead(status, { ...headers }).end(body);
  });
  const answer = (incoming: IncomingMessage, body: Buffer): Reply => {
    const { method = "", headers, url: path = "" } = incoming;
    const ask = { method, headers, body, ...routeOf(path.split("?")[0] ?? "") };
    const reply = answerTo({ url, sessions, fault, fresh: () => randomBytes(16).toString("base64url") }, ask);
    return fault.reply?.(reply, ask) ?? reply;
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `${url}/base`, live: () => sessions.size, close };
}

function routeOf(path: string): Pick<Ask, "id" | "version"> {
  for (const version of ["2025", "2024"] as const) {
    const match = PATHS[version].exec(path);
    if (match !== null) return { version, id: match[1] ?? "" };
  }
  return { version: "2025", id: "/" };
}

function answerTo(world: World, ask: Ask): Reply {
  if (ask.method === "OPTIONS") return { status: 204, headers: CORS, body: "" };
  if (ask.id === "/") return refusal(404, "M_UNRECOGNIZED");
  return ask.version === "2025" ? answer2025(world, ask) : answer2024(world, ask);
}

export function json(status: number, body: object): Reply {
  return { status, headers: { ...CORS, "content-type": "application/json" }, body: JSON.stringify(body) };
}

export function refusal(status: number, errcode: string, more: object = {}): Reply {
  return json(status, { errcode, error: "It is not to be", ...more });
}

export function created({ sessions, fault, fresh }: World, data: Buffer): [string, Session] {
  const [id, now] = [fault.id?.() ?? fresh(), Date.now()];
  const session = { data, token: fresh(), expiresAt: now + (fault.livesMs ?? LIVES_MS), modifiedAt: now };
  sessions.set(id, session);
  return [id, session];
}

/** Writes, if that token may: `undefined` where somebody else was first. */
export function written({ fault, fresh }: World, session: Session, token: string, data: Buffer): Session | undefined {
  const isCurrent = fault.isCurrent?.(token, session) ?? token === session.token;
  if (!isCurrent) return undefined;
  session.token = fault.token?.(fresh(), session, data) ?? fresh();
  session.data = data;
  session.modifiedAt = Date.now();
  fault.onWrite?.(session);
  return session;
}

export function isTooLarge({ fault }: World, data: Buffer): boolean {
  return (fault.sizeOf?.(data) ?? data.length) > 4096;
}
